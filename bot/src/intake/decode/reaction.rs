//! Reactions.

use desk::intake::{ReactionChange, Reactions};
use domain::ChatId;
use domain::message::Reaction;

use super::thread;
use crate::telegram::fields::Fields;

/// What one user, or somebody in the name of a chat, thinks of a message now.
pub(super) fn of_one(update: &Fields<'_>) -> Option<ReactionChange> {
    let telegram_id = ["user", "actor_chat"].into_iter().find_map(|name| update.object(name)?.integer("id"))?;
    let mut emoji = Vec::new();
    for reaction in update.objects("new_reaction") {
        emoji.extend(name_of(&reaction).filter(|name| !emoji.contains(name)));
    }
    change(update, Reactions::Of { telegram_id, emoji })
}

/// How many think what of a message now.
pub(super) fn of_all(update: &Fields<'_>) -> Option<ReactionChange> {
    let counted = |reaction: &Fields<'_>| {
        let emoji = name_of(&reaction.object("type")?)?;
        let count = reaction.integer("total_count").filter(|count| *count > 0)?;
        Some(Reaction { emoji, count, by: Vec::new() })
    };
    change(update, Reactions::Counts(update.objects("reactions").iter().filter_map(counted).collect()))
}

fn change(update: &Fields<'_>, reactions: Reactions) -> Option<ReactionChange> {
    Some(ReactionChange {
        chat_id: ChatId(update.object("chat")?.integer("id")?),
        thread: thread::of(update),
        telegram_message_id: update.integer("message_id")?,
        reactions,
    })
}

/// The emoji, `custom:` and the number of a custom one, or the type where there is neither.
fn name_of(reaction: &Fields<'_>) -> Option<String> {
    let custom = || reaction.string("custom_emoji_id").map(|id| format!("custom:{id}"));
    reaction.string("emoji").or_else(custom).or_else(|| reaction.string("type"))
}
