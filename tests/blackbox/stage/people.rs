//! The operations about the people around the bot.

use serde_json::{Value, json};
use tests::Client;

use super::errors_of;

/// The id of whoever is signed in.
pub async fn id_of(client: &Client) -> Value {
    client.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take()
}

/// Does a mutation with an input, and returns its payload.
pub async fn mutate(client: &Client, mutation: &str, input: Value, selection: &str) -> Value {
    let payload = try_mutate(client, mutation, input, selection).await;
    assert_eq!(errors_of(&payload), [""; 0], "{payload}");
    payload
}

/// Does a mutation with an input, and returns its payload whatever is in it.
pub async fn try_mutate(client: &Client, mutation: &str, input: Value, selection: &str) -> Value {
    let (first, rest) = mutation.split_at(1);
    let kind = format!("{}{rest}Input", first.to_uppercase());
    let document = format!(
        "mutation Do($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} userErrors {{ code message }} }} }}"
    );
    client.query(&document, json!({ "input": input })).await[mutation].take()
}
