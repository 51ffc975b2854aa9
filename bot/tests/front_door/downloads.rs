//! Fetching files from servers that do as they please.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener};

use bot::telegram::{CallError, Client, Endpoint, FileError};

use crate::stage::token;

const FOUND: &str = r#"{"ok":true,"result":{"file_id":"F","file_path":"PATH"}}"#;

/// A server that answers `getFile` with a path and the next request with these bytes. It tells the line of that one.
fn server(path: &str, answer: impl Into<Vec<u8>>) -> (Endpoint, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound address");
    let found = FOUND.replace("PATH", path);
    let found = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{found}", found.len());
    let (sender, asked) = std::sync::mpsc::channel();
    let answers = [found.into_bytes(), answer.into()];
    std::thread::spawn(move || {
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let mut request = [0; 4096];
            let length = stream.read(&mut request).expect("a request");
            let line = String::from_utf8_lossy(&request[..length]).lines().next().unwrap_or_default().to_owned();
            let _ = sender.send(line);
            let _ = stream.write_all(&answer);
            let _ = stream.shutdown(Shutdown::Write);
        }
    });
    (Endpoint::new(&format!("http://{address}"), token(1001)).expect("an address"), asked)
}

fn response(status: &str, headers: &str) -> String {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n{headers}\r\n")
}

async fn refusal(path: &str, answer: impl Into<Vec<u8>>) -> FileError {
    let (endpoint, _asked) = server(path, answer);
    let client = Client::new().expect("a client");
    let error = client.open_file(&endpoint, "F").await.expect_err("a refusal");
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(endpoint.token().expose_secret()), "{shown}");
    error
}

#[tokio::test]
async fn a_file_comes_from_below_the_token() {
    let (endpoint, asked) = server("documents/file 1.txt", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
    let mut file = Client::new().unwrap().open_file(&endpoint, "F").await.unwrap();
    assert_eq!(file.size_bytes(), Some(5));
    let mut read = Vec::new();
    while let Some(bytes) = file.next().await.unwrap() {
        read.extend_from_slice(&bytes);
    }
    assert_eq!(read, b"hello");
    let token = endpoint.token().expose_secret();
    assert_eq!(asked.iter().nth(1).unwrap(), format!("GET /file/bot{token}/documents/file%201.txt HTTP/1.1"));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let location = format!("location: http://{}/x\r\n", elsewhere.local_addr().unwrap());
    let error = refusal("a", response("302 Found", &location)).await;
    assert!(matches!(error, FileError::Call(CallError::Unavailable(_))), "{error:?}");
    assert!(elsewhere.accept().is_err(), "nobody went there");
}

#[tokio::test]
async fn refusals_are_told_apart() {
    assert_eq!(refusal("a", response("404 Not Found", "")).await, FileError::NotFound);
    assert_eq!(refusal("/var/lib/a", response("404 Not Found", "")).await, FileError::NotServed);
    assert_eq!(refusal("a", response("401 Unauthorized", "")).await, FileError::Call(CallError::Unauthorized));
    assert_eq!(refusal("../a", response("200 OK", "")).await, FileError::NotFound, "it leads elsewhere");
    let later = refusal("a", response("429 Too Many Requests", "retry-after: 9\r\n")).await;
    assert_eq!(later, FileError::Call(CallError::RetryAfter(std::time::Duration::from_secs(9))));
    let vanished = refusal("a", "").await;
    assert!(matches!(vanished, FileError::Call(CallError::Unavailable(_))), "{vanished:?}");
}

#[tokio::test]
async fn a_file_that_breaks_off_is_an_error_and_no_end() {
    let (endpoint, _asked) = server("a", "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nhello");
    let mut file = Client::new().unwrap().open_file(&endpoint, "F").await.unwrap();
    assert_eq!(file.next().await.unwrap().unwrap(), "hello");
    assert!(file.next().await.is_err());
}
