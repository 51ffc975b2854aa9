//! A real bot whose updates come by webhook, because the desk has a public address.

use reqwest::StatusCode;
use tests::ingress::{Ingress, Mishap, Passage};
use tests::{Engine, eventually, on_both_engines};

use crate::stage::{Desk, PATIENCE, Telegram, project_called, reply, until_session, until_written, written_by};

/// The header in which Telegram proves that it is Telegram (Bot API, `setWebhook`).
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

on_both_engines! {
    async fn customers_and_agents_talk_by_webhook(engine: Engine) {
        let (telegram, ingress, desk, project) = start(engine).await;
        for text in ["one", "two", "three"] {
            telegram.customer_writes(7, text).await;
        }
        assert_eq!(until_written(&desk.admin, &project, 7, 3).await, ["one", "two", "three"]);
        let session = until_session(&desk.admin, &project, 7).await;
        reply(&desk.admin, &session, "four").await;
        assert_eq!(telegram.until_received(7, 1).await, ["four"]);

        let passage = first_passage(&ingress).await;
        assert!(!passage.target.contains(telegram.token()), "the path must not tell the token: {}", passage.target);
        let secret = passage.headers[SECRET_HEADER].to_str().unwrap();
        desk.server.assert_never_printed(secret);
        desk.server.assert_never_printed(telegram.token().split_once(':').unwrap().1);
    }

    async fn an_update_whose_answer_was_lost_or_that_came_twice_is_there_once(engine: Engine) {
        let (telegram, ingress, desk, project) = start(engine).await;
        for (text, mishap) in [("one", Mishap::LoseAnswer), ("two", Mishap::Repeat), ("three", Mishap::LoseAnswer)] {
            ingress.inject(mishap);
            telegram.customer_writes(7, text).await;
            until_written(&desk.admin, &project, 7, 1).await;
        }
        telegram.customer_writes(7, "four").await;
        assert_eq!(until_written(&desk.admin, &project, 7, 4).await, ["one", "two", "three", "four"]);
        assert!(ingress.passages().len() > 4);
    }

    async fn only_telegram_can_deliver_updates(engine: Engine) {
        let (telegram, ingress, desk, project) = start(engine).await;
        telegram.customer_writes(7, "genuine").await;
        until_written(&desk.admin, &project, 7, 1).await;
        let genuine = first_passage(&ingress).await;
        let forged = Passage { body: forged_update().into(), ..genuine.clone() };

        let mut without_secret = forged.clone();
        without_secret.headers.remove(SECRET_HEADER);
        let mut wrong_secret = forged.clone();
        wrong_secret.headers.insert(SECRET_HEADER, "guessed".parse().unwrap());
        let mut wrong_path = forged.clone();
        wrong_path.target.push('x');
        for attempt in [without_secret, wrong_secret, wrong_path] {
            let answer = attempt.send_to(desk.server.url()).await.unwrap();
            assert!(answer.status().is_client_error(), "{} for {attempt:?}", answer.status());
        }
        let mut get = forged.clone();
        get.method = reqwest::Method::GET;
        assert!(get.send_to(desk.server.url()).await.unwrap().status().is_client_error());

        telegram.customer_writes(7, "genuine, too").await;
        assert_eq!(until_written(&desk.admin, &project, 7, 2).await, ["genuine", "genuine, too"]);
        assert_eq!(written_by(&desk.admin, &project, 666).await, [""; 0]);
    }

    async fn who_abuses_the_door_is_refused_and_counted_and_harms_nobody(engine: Engine) {
        let (telegram, ingress, desk, project) = start(engine).await;
        telegram.customer_writes(7, "before").await;
        until_written(&desk.admin, &project, 7, 1).await;
        let genuine = first_passage(&ingress).await;

        let mut huge = genuine.clone();
        huge.body = vec![b' '; 3 * 1024 * 1024];
        let mut get = genuine.clone();
        get.method = reqwest::Method::GET;
        let mut without_secret = Passage { body: forged_update().into(), ..genuine.clone() };
        without_secret.headers.remove(SECRET_HEADER);
        let mut wrong_path = without_secret.clone();
        wrong_path.target = "/telegram/1-AAAA".to_owned();
        let mut no_project = without_secret.clone();
        no_project.target = "/telegram/99999999999999999999".to_owned();
        for (attempt, status) in [
            (huge, StatusCode::PAYLOAD_TOO_LARGE),
            (get, StatusCode::METHOD_NOT_ALLOWED),
            (without_secret.clone(), StatusCode::UNAUTHORIZED),
            (wrong_path, StatusCode::NOT_FOUND),
            (no_project, StatusCode::NOT_FOUND),
        ] {
            assert_eq!(attempt.send_to(desk.server.url()).await.unwrap().status(), status, "{}", attempt.target);
        }
        // Twenty at once who never come to the end of what they say, with the right secret.
        let slow: Vec<_> = (0..20).map(|_| tokio::spawn(trickle(desk.server.url().to_owned(), genuine.clone()))).collect();
        telegram.customer_writes(7, "after").await;
        assert_eq!(until_written(&desk.admin, &project, 7, 2).await, ["before", "after"]);
        for attempt in slow {
            let answer = attempt.await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 408") || answer.is_empty(), "{answer}");
        }
        assert_eq!(written_by(&desk.admin, &project, 666).await, [""; 0]);

        let page = reqwest::get(format!("{}/metrics", desk.server.url())).await.unwrap().text().await.unwrap();
        for reason in ["too_large", "wrong_secret", "unknown_path", "too_slow"] {
            let counter = format!("switchboard_telegram_webhook_refused_total{{reason=\"{reason}\"}}");
            assert!(page.contains(&counter), "{reason} is not counted: {page}");
        }
    }

    async fn a_poisoned_update_is_taken_with_an_empty_answer_and_holds_nobody_up(engine: Engine) {
        let (telegram, ingress, desk, project) = start(engine).await;
        telegram.customer_writes(7, "before").await;
        until_written(&desk.admin, &project, 7, 1).await;
        let genuine = first_passage(&ingress).await;

        let no_message = &br#"{"update_id":900001,"message":{"message_id":1e99,"chat":[]}}"#[..];
        for poison in [no_message, b"{}", b"not JSON", b""] {
            let passage = Passage { body: poison.into(), ..genuine.clone() };
            let answer = passage.send_to(desk.server.url()).await.unwrap();
            assert!(!answer.status().is_server_error(), "{} for {poison:?}", answer.status());
        }
        let again = genuine.send_to(desk.server.url()).await.unwrap();
        assert_eq!(again.status(), StatusCode::OK);
        assert_eq!(again.text().await.unwrap(), "", "a body could be taken for a call of a method");

        telegram.customer_writes(7, "after").await;
        assert_eq!(until_written(&desk.admin, &project, 7, 2).await, ["before", "after"]);
    }

    async fn an_update_number_that_is_used_anew_is_another_update(engine: Engine) {
        let (telegram, ingress, desk, project) = start(engine).await;
        telegram.customer_writes(7, "before").await;
        until_written(&desk.admin, &project, 7, 1).await;
        let genuine = first_passage(&ingress).await;
        let text = String::from_utf8(genuine.body.clone()).unwrap();
        let anew = text.replace("\"before\"", "\"anew\"").replace("\"message_id\":1,", "\"message_id\":5001,");
        assert_ne!(text, anew);

        let passage = Passage { body: anew.into(), ..genuine };
        assert_eq!(passage.send_to(desk.server.url()).await.unwrap().status(), StatusCode::OK);
        assert_eq!(until_written(&desk.admin, &project, 7, 2).await, ["before", "anew"]);
        passage.send_to(desk.server.url()).await.unwrap();
        telegram.customer_writes(7, "after").await;
        assert_eq!(until_written(&desk.admin, &project, 7, 3).await, ["before", "anew", "after"]);
    }

    async fn a_stop_leaves_the_webhook_in_place_and_what_comes_meanwhile_is_not_lost(engine: Engine) {
        let (telegram, ingress, mut desk, project) = start(engine).await;
        telegram.customer_writes(7, "before").await;
        until_written(&desk.admin, &project, 7, 1).await;

        ingress.lead_nowhere();
        assert!(desk.server.terminate().await.success());
        telegram.customer_writes(7, "meanwhile").await;
        eventually(PATIENCE, || async { (ingress.passages().len() > 1).then_some(()) }).await;
        desk.restart().await;
        ingress.lead_to(desk.server.url());

        assert_eq!(until_written(&desk.admin, &project, 7, 2).await, ["before", "meanwhile"]);
        assert_eq!(telegram.api.ledger().calls("deleteWebhook"), 0);
    }
}

/// A desk that Telegram reaches by way of an ingress, and the project of its bot.
async fn start(engine: Engine) -> (Telegram, Ingress, Desk, String) {
    let (telegram, ingress) = (Telegram::start().await, Ingress::start().await);
    let public = ingress.url();
    let with_webhook = |settings| telegram.settings(settings).env("SWITCHBOARD_PUBLIC_URL", &public);
    let desk = Desk::start_with(engine, with_webhook).await;
    ingress.lead_to(desk.server.url());
    let project = project_called(&desk.admin, "Telegram").await;
    (telegram, ingress, desk, project)
}

/// Sends a request whose body never ends, and answers what the server says to it.
async fn trickle(url: String, passage: Passage) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    let secret = passage.headers[SECRET_HEADER].to_str().unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: desk\r\n{SECRET_HEADER}: {secret}\r\ncontent-length: 1000\r\n\r\n{{",
        passage.target
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok();
    String::from_utf8_lossy(&answer).into_owned()
}

async fn first_passage(ingress: &Ingress) -> Passage {
    eventually(PATIENCE, || async { ingress.passages().into_iter().find(|passage| passage.answer.is_some()) }).await
}

fn forged_update() -> &'static str {
    r#"{"update_id":900000,"message":{"message_id":1,"date":1767225600,"text":"forged",
        "from":{"id":666,"is_bot":false,"first_name":"M"},"chat":{"id":666,"type":"private","first_name":"M"}}}"#
}
