//! What customers send is fetched from Telegram when an agent asks for it.

use bot::fake::Fault;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use super::{bytes, download_url, get, header, media, refusal, refused, request};
use crate::stage::{Desk, Telegram, messages, project_called, until_session, until_written};

const LENGTH: usize = 300_000;
/// What Telegram hands to bots at most, and one more.
const TOO_LARGE: usize = 20 * 1024 * 1024 + 1;

on_both_engines! {
    async fn a_customers_file_comes_from_telegram(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| {
            telegram.settings(settings).env("SWITCHBOARD_LOG", "debug")
        }).await;
        let content = bytes(LENGTH);
        let video = telegram.api.file_for_bot(telegram.bot(), "video", "holiday.mp4", "video/mp4", content.clone());
        let message = received(&desk, &telegram, 500, "video", &video).await;

        let shown = media(&desk.admin, &message).await;
        assert_eq!((&shown["kind"], &shown["name"]), (&json!("VIDEO"), &json!("holiday.mp4")));
        assert_eq!((&shown["mimeType"], &shown["sizeBytes"]), (&json!("video/mp4"), &json!(LENGTH)));
        let url = download_url(&desk.admin, &message).await;
        for (path, client) in [(url.as_str(), None), (&format!("/files/{message}"), Some(&desk.admin))] {
            let whole = get(&desk, path, client).await;
            assert_eq!(whole.status(), StatusCode::OK);
            assert_eq!(header(&whole, "content-type"), "video/mp4");
            assert_eq!(header(&whole, "content-disposition"), "inline; filename=\"holiday.mp4\"; filename*=UTF-8''holiday.mp4");
            assert_eq!(header(&whole, "content-length"), LENGTH.to_string());
            assert_eq!(whole.bytes().await.unwrap(), content);
        }
        let part = request(&desk.server, Method::GET, &url, None).header("range", "bytes=200000-200009").send().await.unwrap();
        assert_eq!(header(&part, "content-range"), format!("bytes 200000-200009/{LENGTH}"));
        assert_eq!(part.bytes().await.unwrap(), content[200_000..200_010]);
        let calls = telegram.api.ledger().calls("getFile");
        let head = request(&desk.server, Method::HEAD, &url, None).send().await.unwrap();
        assert_eq!(header(&head, "content-length"), LENGTH.to_string());
        assert_eq!(telegram.api.ledger().calls("getFile"), calls, "nothing was fetched");

        let (_, secret) = telegram.token().split_once(':').unwrap();
        desk.server.assert_never_printed(secret);
    }

    async fn what_could_run_in_a_browser_is_saved_instead(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let page = telegram.api.file_for_bot(telegram.bot(), "document", "x\".html", "text/html", &b"<script>"[..]);
        let message = received(&desk, &telegram, 500, "document", &page).await;
        let saved = get(&desk, &download_url(&desk.admin, &message).await, None).await;
        assert_eq!(header(&saved, "content-type"), "application/octet-stream");
        assert_eq!(header(&saved, "x-content-type-options"), "nosniff");
        assert_eq!(header(&saved, "content-disposition"), "attachment; filename=\"x_.html\"; filename*=UTF-8''x%22.html");
    }

    async fn why_a_file_cannot_be_had_is_told(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let huge = json!({ "file_id": "huge", "file_unique_id": "h", "file_size": TOO_LARGE });
        let message = received(&desk, &telegram, 500, "document", &huge).await;
        let shown = media(&desk.admin, &message).await;
        assert_eq!((&shown["downloadUrl"], &shown["sizeBytes"]), (&Value::Null, &json!(TOO_LARGE)));
        assert!(shown["downloadRefusal"].as_str().unwrap().contains("20 MB"), "{shown}");
        let too_large = refused(StatusCode::UNPROCESSABLE_ENTITY, "FILE_TOO_LARGE");
        assert_eq!(refusal_of(&desk, &message).await, too_large);

        // Telegram may say no more than that when it is asked.
        let secretly_huge = telegram.api.file_for_bot(telegram.bot(), "document", "a", "a/b", vec![0; TOO_LARGE]);
        let handle = json!({ "file_id": secretly_huge["file_id"], "file_unique_id": "s" });
        let message = received(&desk, &telegram, 501, "document", &handle).await;
        assert_eq!(refusal_of(&desk, &message).await, too_large);

        let unknown = json!({ "file_id": "unknown", "file_unique_id": "u" });
        let message = received(&desk, &telegram, 502, "document", &unknown).await;
        assert_eq!(refusal_of(&desk, &message).await.0, 404);

        let known = telegram.api.file_for_bot(telegram.bot(), "document", "a", "a/b", vec![1]);
        let message = received(&desk, &telegram, 503, "document", &known).await;
        telegram.next("getFile", Fault::server_error(500));
        let unavailable = get(&desk, &format!("/files/{message}"), Some(&desk.admin)).await;
        assert_eq!(header(&unavailable, "retry-after"), "5");
        assert_eq!(refusal(unavailable).await, refused(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"));
        telegram.next("getFile", Fault::too_many_requests(7));
        let later = get(&desk, &format!("/files/{message}"), Some(&desk.admin)).await;
        assert_eq!((later.status(), header(&later, "retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "7".to_owned()));
        assert_eq!(get(&desk, &format!("/files/{message}"), Some(&desk.admin)).await.status(), StatusCode::OK);

        let text = received(&desk, &telegram, 504, "text", &json!("no file")).await;
        assert_eq!(refusal_of(&desk, &text).await, refused(StatusCode::NOT_FOUND, "NOT_FOUND"));
    }

    async fn a_download_is_charged_like_a_request(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let file = telegram.api.file_for_bot(telegram.bot(), "document", "a", "a/b", vec![1]);
        let message = received(&desk, &telegram, 500, "document", &file).await;
        let mut limited = desk.settings.clone().env("SWITCHBOARD_RATE_LIMIT_POINTS", "60")
            .env("SWITCHBOARD_RATE_LIMIT_POINTS_PER_SECOND", "1");
        limited = limited.env("SWITCHBOARD_LISTEN", "127.0.0.1:0");
        drop(desk.server);
        let server = limited.start().await;
        let client = Client::anonymous(server.url()).with_token(desk.admin.token().unwrap());
        let url = format!("/files/{message}");
        let mut statuses = Vec::new();
        for _ in 0..4 {
            let answer = request(&server, Method::GET, &url, Some(&client)).send().await.unwrap();
            statuses.push(answer.status().as_u16());
            if answer.status() == StatusCode::TOO_MANY_REQUESTS {
                assert!(answer.headers().contains_key("retry-after"));
                assert_eq!(refusal(answer).await.1, "RATE_LIMITED");
            }
        }
        assert_eq!(statuses, [200, 200, 200, 429]);
    }
}

/// A message of a customer with this content. Answers its id.
pub async fn received(desk: &Desk, telegram: &Telegram, number: i64, kind: &str, content: &Value) -> String {
    let mut message = json!({
        "message_id": number,
        "date": 1_767_225_600,
        "chat": { "id": 7, "type": "private", "first_name": "Kim" },
        "from": { "id": 7, "is_bot": false, "first_name": "Kim" },
    });
    message[kind] = content.clone();
    telegram.tells(&json!({ "message": message })).await;
    let project = project_called(&desk.admin, "Telegram").await;
    let count = usize::try_from(number - 499).expect("numbers begin at 500");
    until_written(&desk.admin, &project, 7, count).await;
    let session = until_session(&desk.admin, &project, 7).await;
    let messages = messages(&desk.admin, &session).await;
    messages[count - 1]["id"].as_str().expect("a message has an id").to_owned()
}

async fn refusal_of(desk: &Desk, message: &str) -> (u16, String) {
    refusal(get(desk, &format!("/files/{message}"), Some(&desk.admin)).await).await
}
