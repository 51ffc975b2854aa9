//! Agents who are there.

use serde_json::{Value, json};
use tests::Client;
use tokio::task::JoinHandle;

use super::PATIENCE;

/// An agent who has a console open. They are gone when this is dropped.
pub struct Online(JoinHandle<()>);

impl Drop for Online {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Has somebody open their console, and waits until the desk knows.
pub async fn online(client: &Client, project: &str) -> Online {
    let id = client.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
    let document = "subscription There($id: ID!) { presence(projectId: $id) { agent { id } state } }";
    let mut there = client.subscribe(document, json!({ "id": project })).await;
    loop {
        let change = there.next_within(PATIENCE).await["presence"].take();
        if change["agent"]["id"] == id && change["state"] == "ONLINE" {
            break;
        }
    }
    // What is not read ends, as a console does that hangs.
    Online(tokio::spawn(async move { while there.next().await.is_some() {} }))
}
