//! `setMessageReaction`.

use serde_json::{Value, json};

use super::{
    super::{answer::Answer, call::Call, server::Server},
    recipient, sending,
};

/// Sets what the bot thinks of a message, in place of what it thought before. A bot has one reaction.
pub(super) async fn set(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let chat = recipient::of_call(server, call).await?;
    let number = recipient::message_id(call)?;
    let reactions = match call.parameters.json("reaction") {
        None => Vec::new(),
        Some(Value::Array(reactions)) => reactions,
        Some(_) => return Err(Answer::bad_request("can't parse reaction types JSON object")),
    };
    if reactions.len() > 1 {
        return Err(Answer::bad_request("REACTIONS_TOO_MANY"));
    }
    if reactions.iter().any(|reaction| !is_reaction(reaction)) {
        return Err(Answer::bad_request("REACTION_INVALID"));
    }
    let known = server.book.message(call.bot.id, chat, number);
    if known.map_or(!server.book.forgets(), |message| message.deleted) {
        return Err(Answer::bad_request("message to react not found"));
    }
    let _in_order = call.bot.accepting.lock().await;
    server.book.change(call.bot.id, chat, number, |message| message.json["reaction"] = json!(reactions));
    sending::enter(server, call, chat, number, None);
    Ok(Answer::ok(&json!(true)))
}

fn is_reaction(reaction: &Value) -> bool {
    let text = |name: &str| reaction[name].as_str().is_some_and(|text| !text.is_empty());
    match reaction["type"].as_str() {
        Some("emoji") => text("emoji"),
        Some("custom_emoji") => text("custom_emoji_id"),
        _ => false,
    }
}
