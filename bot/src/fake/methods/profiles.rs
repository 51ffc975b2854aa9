//! Who is who.

use domain::ChatId;
use serde_json::json;

use super::{
    super::{answer::Answer, call::Call, server::Server},
    recipient,
};

/// Says what a chat is.
pub(super) async fn chat(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let chat = recipient::of_call(server, call).await;
    let chat = match (chat, call.parameters.chat_id()) {
        (Ok(chat), _) => chat,
        // Who has blocked the bot still has a name.
        (Err(refusal), Some(chat)) if refusal.status() == 403 && chat.0 > 0 => chat,
        (Err(refusal), _) => return Err(refusal),
    };
    Ok(Answer::ok(&server.book.profile(call.bot.id, chat)))
}

/// Says what somebody is in a chat.
pub(super) async fn member(server: &Server, call: &Call) -> Result<Answer, Answer> {
    recipient::of_call(server, call).await?;
    let user = call.parameters.integer("user_id").ok_or_else(|| Answer::bad_request("invalid user_id specified"))?;
    if user == call.bot.id.0 {
        return Ok(Answer::ok(&json!({"status": "member", "user": call.bot.user()})));
    }
    let profile = server.book.profile(call.bot.id, ChatId(user));
    let mut user = json!({"id": user, "is_bot": false, "first_name": ""});
    for name in ["first_name", "last_name", "username"] {
        if let Some(value) = profile.get(name) {
            user[name] = value.clone();
        }
    }
    Ok(Answer::ok(&json!({"status": "member", "user": user})))
}
