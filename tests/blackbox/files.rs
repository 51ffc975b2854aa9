//! Files: agents upload them, and download what messages hold.

mod bad_uploads;
mod downloads;
mod rights;
mod uploads;

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tests::{Client, Server, Sql, eventually};

use crate::stage::{Desk, PATIENCE, customer_writes, messages, sandbox, until_session, until_written};

/// Sends a request beside GraphQL, with the token of a client if there is one.
fn request(server: &Server, method: Method, path: &str, client: Option<&Client>) -> RequestBuilder {
    let request = reqwest::Client::new().request(method, format!("{}{path}", server.url()));
    match client.and_then(Client::token) {
        Some(token) => request.bearer_auth(token),
        None => request,
    }
}

async fn get(desk: &Desk, path: &str, client: Option<&Client>) -> Response {
    request(&desk.server, Method::GET, path, client).send().await.expect("the server answers")
}

/// Uploads a file and answers what came of it.
pub async fn upload(desk: &Desk, client: &Client, project: &str, name: &str, mime: &str, body: Vec<u8>) -> Response {
    let request = request(&desk.server, Method::POST, "/files", Some(client));
    let request = request.query(&[("projectId", project), ("name", name)]).header("content-type", mime).body(body);
    request.send().await.expect("the server answers")
}

/// The status and the code of a refusal, which has a request id as well.
async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
    let id = response.headers()["x-request-id"].to_str().expect("an id is in ASCII").to_owned();
    let body: Value = response.json().await.expect("a refusal is JSON");
    let extensions = &body["errors"][0]["extensions"];
    assert_eq!(extensions["requestId"], id);
    assert!(body["errors"][0]["message"].as_str().is_some_and(|message| message.ends_with('.')), "{body}");
    (status, extensions["code"].as_str().expect("a refusal has a code").to_owned())
}

fn refused(status: StatusCode, code: &str) -> (u16, String) {
    (status.as_u16(), code.to_owned())
}

/// A message of a customer in the sandbox.
async fn a_message(desk: &Desk) -> String {
    let sandbox = sandbox(&desk.admin).await;
    customer_writes(&desk.admin, &sandbox, 7, "here it is").await;
    until_written(&desk.admin, &sandbox, 7, 1).await;
    let session = until_session(&desk.admin, &sandbox, 7).await;
    messages(&desk.admin, &session).await[0]["id"].as_str().expect("a message has an id").to_owned()
}

/// What a client is told of the file of a message.
async fn media(client: &Client, message: &str) -> Value {
    let document = "query Media($id: ID!) { node(id: $id) { ... on Message { media {
        kind sizeBytes name mimeType width height durationSeconds downloadUrl downloadRefusal
    } } } }";
    client.query(document, json!({ "id": message })).await["node"]["media"].take()
}

async fn download_url(client: &Client, message: &str) -> String {
    media(client, message).await["downloadUrl"].as_str().expect("the file can be downloaded").to_owned()
}

/// The text of a header.
fn header(response: &Response, name: &str) -> String {
    let value = response.headers().get(name).unwrap_or_else(|| panic!("there is no {name} in {response:?}"));
    value.to_str().expect("the header is in ASCII").to_owned()
}

/// Puts an uploaded file into the only message, as sending it does.
async fn attach(desk: &Desk, file: &Value) {
    let sql = Sql::connect(&desk.database).await.expect("the database is there");
    let number = sql.number("SELECT MAX(id) FROM files").await.expect("the file is there");
    let content = json!({ "media": {
        "kind": "DOCUMENT", "file_id": number, "name": file["name"], "mime_type": file["mimeType"],
        "size_bytes": file["sizeBytes"],
    } });
    let content = content.to_string().replace('\'', "''");
    sql.execute(&format!(
        "UPDATE messages SET content = '{content}'; UPDATE files SET used_at = 1 WHERE id = {number}"
    ))
    .await
    .expect("the message takes it");
}

/// Waits until nothing is left of any file.
async fn until_nothing_is_left(desk: &Desk) {
    let sql = Sql::connect(&desk.database).await.expect("the database is there");
    eventually(PATIENCE, || async {
        let files = sql.number("SELECT COUNT(*) FROM files").await.expect("the table is there");
        let chunks = sql.number("SELECT COUNT(*) FROM file_chunks").await.expect("the table is there");
        if (files, chunks) == (0, 0) { Ok(()) } else { Err((files, chunks)) }
    })
    .await;
}

/// Bytes of which no two stretches are alike.
fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index * 31 % 251) as u8 ^ (index / 251) as u8).collect()
}
