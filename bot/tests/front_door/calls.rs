//! Calls as a program without our client makes them.

use bot::telegram::Attempt;
use serde_json::{Value, json};

use crate::stage::{PATIENCE, Stage};

/// Makes a call with a JSON body.
pub async fn call(stage: &Stage, method: &str, payload: Value) -> Attempt {
    let raw = serde_json::value::to_raw_value(&payload).expect("JSON");
    stage.client.send_raw(&stage.endpoint, method, &raw, PATIENCE).await
}

/// The result of a call that is carried out.
pub async fn result(stage: &Stage, method: &str, payload: Value) -> Value {
    match call(stage, method, payload).await {
        Attempt::Sent { result: Some(result), .. } => serde_json::from_str(result.as_str()).expect("JSON"),
        other => panic!("{method}: {other:?}"),
    }
}

/// The words in which a call is refused.
pub async fn description(stage: &Stage, method: &str, payload: Value) -> String {
    match call(stage, method, payload).await {
        Attempt::Refused { description, .. } | Attempt::Blocked { description, .. } => description,
        other => panic!("{method}: {other:?}"),
    }
}

/// Makes a call with files, as `multipart/form-data`. Answers the whole envelope.
pub async fn upload(stage: &Stage, method: &str, texts: Value, files: &[(&str, &str, &[u8])]) -> Value {
    const BOUNDARY: &str = "a-boundary-that-is-in-no-file";
    let mut body = Vec::new();
    let mut part = |head: &str, content: &[u8]| {
        body.extend_from_slice(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    };
    for (name, value) in texts.as_object().expect("an object") {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        part(&format!("name=\"{name}\""), value.as_bytes());
    }
    for (name, file_name, bytes) in files {
        part(&format!("name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: image/x-test"), bytes);
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let url = format!("{}/bot{}/{method}", stage.api.api_url(), stage.token.expose_secret());
    let request = http().post(url).header("Content-Type", format!("multipart/form-data; boundary={BOUNDARY}"));
    let answer = request.body(body).send().await.expect("an answer");
    answer.json().await.unwrap_or_else(|error| json!(error.to_string()))
}

/// Downloads a file by its path; answers the status and the bytes.
pub async fn download(stage: &Stage, token: &str, path: &str) -> (u16, Vec<u8>) {
    let url = format!("{}/file/bot{token}/{path}", stage.api.api_url());
    let answer = http().get(url).send().await.expect("an answer");
    (answer.status().as_u16(), answer.bytes().await.expect("a body").to_vec())
}

/// A client that goes to this machine directly and follows nothing.
pub fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}
