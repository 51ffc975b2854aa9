//! What happened in a chat, in a few words.

use domain::message::Details;

use super::substance::NOTHING;
use crate::telegram::fields::Fields;
use crate::telegram::update::{User, full_name};

/// What happened, for the kinds of messages that tell of something.
pub(super) fn of(kind: &str, message: &Fields<'_>) -> Option<Details> {
    let summary = summary(kind, message)?;
    Some(Details::Service { summary, json: message.json(kind).unwrap_or_else(|| NOTHING.to_owned()) })
}

/// Whether somebody has told the bot something by it, as with a text. The others tell of what happened beside the
/// conversation.
pub(super) fn is_addressed(kind: &str) -> bool {
    matches!(
        kind,
        "web_app_data"
            | "users_shared"
            | "chat_shared"
            | "passport_data"
            | "successful_payment"
            | "gift"
            | "unique_gift"
            | "suggested_post_paid"
    )
}

/// The number of the message that something happened to.
pub(super) fn about(kind: &str, message: &Fields<'_>) -> Option<i64> {
    let event = message.object(kind)?;
    if kind == "pinned_message" {
        return event.integer("message_id");
    }
    let field = match kind {
        "checklist_tasks_done" | "checklist_tasks_added" => "checklist_message",
        "poll_option_added" | "poll_option_deleted" => "poll_message",
        "giveaway_completed" => "giveaway_message",
        _ if kind.starts_with("suggested_post_") => "suggested_post_message",
        _ => return None,
    };
    event.object(field)?.integer("message_id")
}

fn summary(kind: &str, message: &Fields<'_>) -> Option<String> {
    let event = message.object(kind).unwrap_or_default();
    let named = |what: &str, name: Option<String>| match name {
        Some(name) if !name.is_empty() => format!("{what}: {name}"),
        _ => what.to_owned(),
    };
    let counted = |what: &str, number: Option<i64>| match number {
        Some(number) => format!("{what}: {number}"),
        None => what.to_owned(),
    };
    let members = || message.objects(kind).iter().filter_map(User::read).map(|user| user.name).collect::<Vec<_>>();
    let invited = || event.objects("users").iter().filter_map(User::read).map(|user| user.name).collect::<Vec<_>>();
    Some(match kind {
        "new_chat_members" => named("Joined", Some(members().join(", "))),
        "left_chat_member" => named("Left", User::read(&event).map(|user| user.name)),
        "chat_owner_left" => "The owner left the chat".to_owned(),
        "chat_owner_changed" => named("The chat has a new owner", User::of(&event, "new_owner").map(|user| user.name)),
        "new_chat_title" => named("The chat has a new title", message.string(kind)),
        "new_chat_photo" => "The chat has a new photo".to_owned(),
        "delete_chat_photo" => "The photo of the chat was removed".to_owned(),
        "group_chat_created" | "supergroup_chat_created" => "The group was created".to_owned(),
        "channel_chat_created" => "The channel was created".to_owned(),
        "message_auto_delete_timer_changed" => match event.integer("message_auto_delete_time") {
            Some(0) => "Messages are no longer deleted by themselves".to_owned(),
            seconds => counted("Messages are deleted by themselves, after seconds", seconds),
        },
        "migrate_to_chat_id" => "The group has become a supergroup".to_owned(),
        "migrate_from_chat_id" => "The supergroup was a group before".to_owned(),
        "pinned_message" => "A message was pinned".to_owned(),
        "successful_payment" => "A payment has succeeded".to_owned(),
        "refunded_payment" => "A payment was refunded".to_owned(),
        "users_shared" => named("Users were shared with the bot", shared_users(&event)),
        "chat_shared" => named("A chat was shared with the bot", event.string("title")),
        "gift" => "A gift was sent".to_owned(),
        "unique_gift" => "A unique gift was sent".to_owned(),
        "gift_upgrade_sent" => "The upgrade of a gift was paid for".to_owned(),
        "connected_website" => named("Signed in at a website", message.string(kind)),
        "write_access_allowed" => named("The bot was allowed to write", event.string("web_app_name")),
        "passport_data" => "Telegram Passport data was shared".to_owned(),
        "proximity_alert_triggered" => proximity(&event),
        "boost_added" => counted("The chat was boosted, times", event.integer("boost_count")),
        "chat_background_set" => "The chat has a new background".to_owned(),
        "checklist_tasks_done" => "Tasks of a checklist were marked".to_owned(),
        "checklist_tasks_added" => "Tasks were added to a checklist".to_owned(),
        "community_chat_added" => {
            let community = event.object("community");
            named(
                "The chat joined a community",
                community.and_then(|it| it.string("title").or_else(|| it.string("name"))),
            )
        }
        "community_chat_removed" => "The chat left its community".to_owned(),
        "direct_message_price_changed" => match event.is_true("are_direct_messages_enabled") {
            true => counted("Direct messages now cost stars", event.integer("direct_message_star_count").or(Some(0))),
            false => "Direct messages were switched off".to_owned(),
        },
        "forum_topic_created" => named("A topic was opened", event.string("name")),
        "forum_topic_edited" => named("The topic was changed", event.string("name")),
        "forum_topic_closed" => "The topic was closed".to_owned(),
        "forum_topic_reopened" => "The topic was opened again".to_owned(),
        "general_forum_topic_hidden" => "The general topic was hidden".to_owned(),
        "general_forum_topic_unhidden" => "The general topic is shown again".to_owned(),
        "giveaway_created" => "A giveaway was announced".to_owned(),
        "giveaway_completed" => counted("A giveaway has ended, winners", event.integer("winner_count")),
        "managed_bot_created" => {
            named("A bot was created that this bot manages", User::of(&event, "bot").map(|bot| bot.name))
        }
        "paid_message_price_changed" => counted("Messages now cost stars", event.integer("paid_message_star_count")),
        "poll_option_added" => named("An answer was added to a poll", event.string("option_text")),
        "poll_option_deleted" => named("An answer was taken out of a poll", event.string("option_text")),
        "suggested_post_approved" => "A suggested post was approved".to_owned(),
        "suggested_post_approval_failed" => "The approval of a suggested post failed".to_owned(),
        "suggested_post_declined" => named("A suggested post was declined", event.string("comment")),
        "suggested_post_paid" => "A suggested post was paid for".to_owned(),
        "suggested_post_refunded" => named("The payment for a suggested post was refunded", event.string("reason")),
        "video_chat_scheduled" => "A video chat was scheduled".to_owned(),
        "video_chat_started" => "A video chat has begun".to_owned(),
        "video_chat_ended" => counted("A video chat has ended, after seconds", event.integer("duration")),
        "video_chat_participants_invited" => named("Invited to a video chat", Some(invited().join(", "))),
        "web_app_data" => named("Data came from the web app", event.string("button_text")),
        _ => return None,
    })
}

/// The names of users whom somebody picked, or their numbers where the bot did not ask for names.
fn shared_users(event: &Fields<'_>) -> Option<String> {
    let name = |user: &Fields<'_>| {
        let name = full_name(user);
        match name.is_empty() {
            true => Some(user.integer("user_id")?.to_string()),
            false => Some(name),
        }
    };
    let names: Vec<_> = event.objects("users").iter().filter_map(name).collect();
    Some(names.join(", "))
}

fn proximity(event: &Fields<'_>) -> String {
    let name = |field| User::of(event, field).map_or_else(|| "somebody".to_owned(), |user| user.name);
    match event.integer("distance") {
        Some(metres) => format!("{} is within {metres} metres of {}", name("traveler"), name("watcher")),
        None => format!("{} is close to {}", name("traveler"), name("watcher")),
    }
}
