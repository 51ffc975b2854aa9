//! The methods of the Bot API, as far as they are simulated.

mod album;
mod buttons;
mod callbacks;
mod commands;
mod content;
mod copying;
mod deleting;
mod downloads;
mod editing;
mod entities;
mod media;
mod pinning;
mod polling;
mod profiles;
mod reactions;
mod recipient;
mod sending;
mod webhooks;

pub(super) use media::describe as describe_file;
pub(crate) use media::photo_sizes;

use std::sync::Arc;

use serde_json::json;

use super::{
    answer::Answer,
    call::{Call, DOWNLOAD},
    server::Server,
};

/// Carries a call out and says what Telegram would.
pub(super) async fn carry_out(server: &Arc<Server>, call: &Call) -> Answer {
    let method = call.method.to_ascii_lowercase();
    let starts_with = |verbs: &[&str]| verbs.iter().any(|verb| method.starts_with(verb));
    let outcome = match method.as_str() {
        "getme" => Ok(Answer::ok(&call.bot.user())),
        "getupdates" => polling::get_updates(server, call).await,
        "setwebhook" => webhooks::set(server, call).await,
        "deletewebhook" => webhooks::delete(server, call).await,
        "getwebhookinfo" => webhooks::info(server, call).await,
        "sendchataction" | "sendmessagedraft" | "sendrichmessagedraft" => {
            recipient::of_call(server, call).await.map(|_| Answer::ok(&json!(true)))
        }
        "sendmediagroup" => album::send(server, call).await,
        "copymessage" | "forwardmessage" => copying::one(server, call).await,
        "copymessages" | "forwardmessages" => copying::several(server, call).await,
        "deletemessage" => deleting::one(server, call).await,
        "deletemessages" => deleting::several(server, call).await,
        "deletebusinessmessages" => deleting::of_business(server, call).await,
        "pinchatmessage" => pinning::pin(server, call).await,
        "unpinchatmessage" => pinning::unpin(server, call).await,
        "unpinallchatmessages" => pinning::unpin_all(server, call).await,
        "setmessagereaction" => reactions::set(server, call).await,
        "answercallbackquery" => callbacks::answer(server, call).await,
        "setmycommands" => commands::set(call),
        "getmycommands" => commands::get(call),
        "deletemycommands" => commands::delete(call),
        "getchat" => profiles::chat(server, call).await,
        "getchatmember" => profiles::member(server, call).await,
        "getuserprofilephotos" => Ok(Answer::ok(&json!({"total_count": 0, "photos": []}))),
        "getfile" => downloads::describe(server, call),
        _ if call.is(DOWNLOAD) => downloads::download(server, call),
        _ if starts_with(&["send"]) => sending::send(server, call).await,
        _ if starts_with(&["editmessage"]) => editing::edit(server, call).await,
        // Settings and acknowledgements, which have no effect that anybody could see here.
        _ if starts_with(&["answer", "set", "delete", "unpin", "readbusinessmessage"]) => Ok(Answer::ok(&json!(true))),
        _ => Err(Answer::error(404, "Not Found: method not found")),
    };
    outcome.unwrap_or_else(|refusal| refusal)
}
