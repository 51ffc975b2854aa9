//! The list of commands that customers see, for each scope and language.

use std::sync::PoisonError;

use serde_json::{Value, json};

use super::super::{answer::Answer, call::Call};

/// The most commands in one list.
const MAX_COMMANDS: usize = 100;

/// Sets a list.
pub(super) fn set(call: &Call) -> Result<Answer, Answer> {
    let commands = match call.parameters.json("commands") {
        Some(Value::Array(commands)) => commands,
        _ => return Err(Answer::bad_request("can't parse commands: expected an Array")),
    };
    if commands.len() > MAX_COMMANDS {
        return Err(Answer::bad_request("BOT_COMMANDS_TOO_MUCH"));
    }
    for command in &commands {
        check(command)?;
    }
    let mut lists = call.bot.commands.lock().unwrap_or_else(PoisonError::into_inner);
    lists.insert(key(call), Value::Array(commands));
    Ok(Answer::ok(&json!(true)))
}

/// Says what a list has.
pub(super) fn get(call: &Call) -> Result<Answer, Answer> {
    let lists = call.bot.commands.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Answer::ok(&lists.get(&key(call)).cloned().unwrap_or_else(|| json!([]))))
}

/// Takes a list away.
pub(super) fn delete(call: &Call) -> Result<Answer, Answer> {
    let mut lists = call.bot.commands.lock().unwrap_or_else(PoisonError::into_inner);
    lists.remove(&key(call));
    Ok(Answer::ok(&json!(true)))
}

/// The scope and the language of a list.
fn key(call: &Call) -> (String, String) {
    let scope = call.parameters.json("scope").unwrap_or_else(|| json!({"type": "default"}));
    (scope.to_string(), call.parameters.text("language_code").unwrap_or_default())
}

fn check(command: &Value) -> Result<(), Answer> {
    let name = command["command"].as_str().unwrap_or_default().trim_start_matches('/');
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if !(1..=32).contains(&name.len()) || !name.bytes().all(is_part) {
        return Err(Answer::bad_request("BOT_COMMAND_INVALID"));
    }
    let description = command["description"].as_str().unwrap_or_default();
    if !(1..=256).contains(&description.chars().count()) {
        return Err(Answer::bad_request("BOT_COMMAND_DESCRIPTION_INVALID"));
    }
    Ok(())
}
