//! A client of HTTP/1.1 that does next to nothing, because it shares the machine with the server it measures: one
//! connection that is kept, requests that are bytes already, answers of a stated length.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The most headers an answer may have.
const MAX_HEADERS: usize = 32;
/// Room for one answer; it grows when one is larger.
const USUAL_ANSWER_BYTES: usize = 64 * 1024;

/// A connection that is kept for many requests, one after the other.
pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// An answer.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub status: u16,
    pub body: &'a [u8],
}

/// Where an answer's body is among the bytes received.
struct Head {
    status: u16,
    body_start: usize,
    body_length: usize,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(USUAL_ANSWER_BYTES) })
    }

    /// Sends a request and waits for the whole answer.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.received.clear();
        let head = loop {
            self.receive_more().await?;
            if let Some(head) = read_head(&self.received)? {
                break head;
            }
        };
        let end = head.body_start + head.body_length;
        while self.received.len() < end {
            self.receive_more().await?;
        }
        Ok(Answer { status: head.status, body: &self.received[head.body_start..end] })
    }

    async fn receive_more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.received).await? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection")),
            _ => Ok(()),
        }
    }
}

/// Reads the head of an answer; nothing if it is not all there.
fn read_head(received: &[u8]) -> io::Result<Option<Head>> {
    let invalid = |reason: String| io::Error::new(io::ErrorKind::InvalidData, reason);
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let parsed = response.parse(received).map_err(|error| invalid(format!("the answer is not HTTP: {error}")))?;
    let httparse::Status::Complete(body_start) = parsed else { return Ok(None) };
    let length = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let body_length = length.and_then(|header| std::str::from_utf8(header.value).ok()?.parse().ok());
    let body_length = body_length.ok_or_else(|| invalid("the answer does not state its length".to_owned()))?;
    Ok(Some(Head { status: response.code.unwrap_or_default(), body_start, body_length }))
}

/// Writes a request with a JSON body after what `request` has. `headers` are whole lines, each with its line break.
pub fn write_post(request: &mut Vec<u8>, path: &str, headers: &str, body: &str) {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{headers}\r\n"
    );
    request.extend_from_slice(head.as_bytes());
    request.extend_from_slice(body.as_bytes());
}

/// Writes a GraphQL operation of whoever has this access token.
pub fn write_operation(request: &mut Vec<u8>, token: &str, body: &str) {
    let headers = format!("accept: application/graphql-response+json\r\nauthorization: Bearer {token}\r\n");
    write_post(request, "/graphql", &headers, body);
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn answers_are_told_apart_however_they_arrive() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answering = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            for pieces in [
                &["HTTP/1.1 200 OK\r\nContent-Le", "ngth: 5\r\n\r\nhe", "llo"][..],
                &["HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n"],
            ] {
                let mut request = [0; 1024];
                assert!(stream.read(&mut request).await.unwrap() > 0);
                for piece in pieces {
                    stream.write_all(piece.as_bytes()).await.unwrap();
                    tokio::task::yield_now().await;
                }
            }
        });
        let mut connection = Connection::open(address).await.unwrap();
        let mut request = Vec::new();
        write_post(&mut request, "/hook", "secret: s\r\n", "{}");
        let answer = connection.exchange(&request).await.unwrap();
        assert_eq!((answer.status, answer.body), (200, &b"hello"[..]));
        let answer = connection.exchange(&request).await.unwrap();
        assert_eq!((answer.status, answer.body), (503, &b""[..]));
        answering.await.unwrap();
    }

    #[test]
    fn a_request_states_its_length() {
        let mut request = Vec::new();
        write_post(&mut request, "/hook", "secret: s\r\n", "{\"é\":1}");
        let text = String::from_utf8(request).unwrap();
        assert!(text.starts_with("POST /hook HTTP/1.1\r\n"));
        assert!(text.ends_with("content-length: 8\r\nsecret: s\r\n\r\n{\"é\":1}"), "{text}");
    }
}
