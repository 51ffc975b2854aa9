//! The methods of the Bot API, as far as they are simulated.

mod content;
mod editing;
mod polling;
mod sending;
mod webhooks;

use std::sync::Arc;

use serde_json::json;

use super::{answer::Answer, call::Call, server::Server};

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
            sending::open_chat(server, call).map(|_| Answer::ok(&json!(true)))
        }
        "sendmediagroup" => sending::send_album(server, call).await,
        "deletemessage" => editing::delete(server, call).await,
        "deletemessages" => editing::delete_several(server, call).await,
        "pinchatmessage" | "unpinchatmessage" => editing::pin(server, call).await,
        _ if starts_with(&["send", "copymessage", "forwardmessage"]) => sending::send(server, call).await,
        _ if starts_with(&["editmessage"]) => editing::edit(server, call).await,
        // Settings and acknowledgements, which have no effect that anybody could see here.
        _ if starts_with(&["answer", "set", "delete", "unpin"]) => Ok(Answer::ok(&json!(true))),
        _ => Err(Answer::error(404, "Not Found: method not found")),
    };
    outcome.unwrap_or_else(|refusal| refusal)
}
