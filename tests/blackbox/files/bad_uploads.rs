//! Uploads that are too large, too slow or broken leave nothing behind.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use tests::on_both_engines;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::{refusal, refused, request, until_nothing_is_left, upload};
use crate::stage::{Desk, PATIENCE, sandbox};

/// What the desk of these tests takes: four of the pieces in which files are kept.
const LIMIT: usize = 1024 * 1024;

async fn start(engine: tests::Engine) -> Desk {
    Desk::start_with(engine, |settings| settings.env("SWITCHBOARD_MAX_UPLOAD_BYTES", &LIMIT.to_string())).await
}

on_both_engines! {
    async fn what_is_too_large_is_refused_whether_it_says_so_or_not(engine: Engine) {
        let desk = start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let largest = upload(&desk, &desk.admin, &sandbox, "a", "a/b", vec![0; LIMIT]).await;
        assert_eq!(largest.status(), StatusCode::CREATED);
        tests::Sql::connect(&desk.database).await.unwrap().execute("DELETE FROM files").await.unwrap();

        let announced = upload(&desk, &desk.admin, &sandbox, "a", "a/b", vec![0; LIMIT + 1]).await;
        assert_eq!(refusal(announced).await, refused(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE"));
        let mut unannounced = begin(&desk, &sandbox, "transfer-encoding: chunked").await;
        let piece = [b"10000\r\n", &[0; 0x1_0000][..], b"\r\n"].concat();
        for _ in 0..=LIMIT / 0x1_0000 {
            unannounced.write_all(&piece).await.unwrap();
        }
        unannounced.write_all(b"0\r\n\r\n").await.unwrap();
        assert_eq!(status_of(&mut unannounced).await, "413");
        until_nothing_is_left(&desk).await;
    }

    async fn what_is_no_file_is_refused(engine: Engine) {
        let desk = start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        for (name, mime, body, status, code) in [
            ("a.txt", "text/plain", vec![], StatusCode::BAD_REQUEST, "INVALID_ARGUMENT"),
            ("\r\n", "text/plain", vec![1], StatusCode::BAD_REQUEST, "INVALID_ARGUMENT"),
            ("a.txt", "text", vec![1], StatusCode::BAD_REQUEST, "INVALID_ARGUMENT"),
        ] {
            let answer = upload(&desk, &desk.admin, &sandbox, name, mime, body).await;
            assert_eq!(refusal(answer).await, refused(status, code), "{name:?} {mime}");
        }
        for (query, code) in [
            ("", "BAD_REQUEST"),
            ("?name=a", "BAD_REQUEST"),
            ("?name=a&projectId=7", "INVALID_ID"),
            (&*format!("?projectId={sandbox}"), "BAD_REQUEST"),
        ] {
            let path = format!("/files{query}");
            let answer = request(&desk.server, Method::POST, &path, Some(&desk.admin)).body("x").send().await.unwrap();
            assert_eq!(refusal(answer).await, refused(StatusCode::BAD_REQUEST, code), "{query}");
        }
        let by_get = request(&desk.server, Method::GET, "/files", Some(&desk.admin)).send().await.unwrap();
        assert_eq!(refusal(by_get).await, refused(StatusCode::METHOD_NOT_ALLOWED, "BAD_REQUEST"));
        until_nothing_is_left(&desk).await;
    }

    async fn whoever_falls_silent_or_goes_away_leaves_nothing(engine: Engine) {
        let desk = start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let half = vec![0; LIMIT / 2];
        let announced = format!("content-length: {LIMIT}");
        let mut silent = begin(&desk, &sandbox, &announced).await;
        silent.write_all(&half).await.unwrap();
        let mut gone = begin(&desk, &sandbox, &announced).await;
        gone.write_all(&half).await.unwrap();
        let mut trickling = begin(&desk, &sandbox, &announced).await;

        // The others do not wait for them.
        let quick = upload(&desk, &desk.admin, &sandbox, "a", "a/b", vec![0; LIMIT]).await;
        assert_eq!(quick.status(), StatusCode::CREATED);
        tests::Sql::connect(&desk.database).await.unwrap().execute("DELETE FROM files WHERE completed_at > 0").await.unwrap();

        drop(gone);
        let trickle = async {
            while trickling.write_all(&[0]).await.is_ok() {
                sleep(Duration::from_millis(500)).await;
                let mut answer = [0; 12];
                if let Ok(Ok(12)) = timeout(Duration::from_millis(10), trickling.read_exact(&mut answer)).await {
                    return String::from_utf8_lossy(&answer[9..]).into_owned();
                }
            }
            panic!("the connection closed without an answer");
        };
        let (status_of_silent, status_of_trickling) =
            timeout(PATIENCE, async { tokio::join!(status_of(&mut silent), trickle) }).await.unwrap();
        assert_eq!((&*status_of_silent, &*status_of_trickling), ("408", "408"));
        until_nothing_is_left(&desk).await;
    }
}

/// Begins an upload by hand, as far as the end of the headers.
async fn begin(desk: &Desk, project: &str, framing: &str) -> TcpStream {
    let address = desk.server.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    let token = desk.admin.token().expect("the administrator is signed in");
    let head = format!(
        "POST /files?projectId={project}&name=a HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
         {framing}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("the server reads");
    stream
}

/// The status in the first line of the answer.
async fn status_of(stream: &mut TcpStream) -> String {
    let mut line = [0; 12];
    timeout(PATIENCE, stream.read_exact(&mut line))
        .await
        .expect("the answer comes in time")
        .expect("there is an answer");
    String::from_utf8_lossy(&line[9..]).into_owned()
}
