//! Nobody gets a file but who may see the message now.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Client, eventually, on_both_engines};

use super::downloads::received;
use super::{a_message, attach, download_url, get, media, refusal, refused, request, upload};
use crate::stage::{
    Desk, PATIENCE, Telegram, errors_of, event_cursor, id_of, mutate, project_called, sandbox, send, until_session,
};

on_both_engines! {
    async fn only_who_may_see_the_message_gets_its_file(engine: Engine) {
        let desk = Desk::start(engine).await;
        let message = a_message(&desk).await;
        let sandbox = sandbox(&desk.admin).await;
        let file: Value = upload(&desk, &desk.admin, &sandbox, "a", "a/b", vec![7]).await.json().await.unwrap();
        let document = "query File($id: ID!) { node(id: $id) { id } }";

        let agent = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        assert_eq!(agent.query(document, json!({ "id": file["id"] })).await["node"], Value::Null, "it is not sent");
        attach(&desk, &file).await;
        let path = format!("/files/{message}");
        assert_eq!(get(&desk, &path, Some(&agent)).await.bytes().await.unwrap(), [7_u8][..]);

        let stranger = desk.add_stranger("eve@desk.test").await;
        let to_stranger = upload(&desk, &stranger, &sandbox, "a", "a/b", vec![7]).await;
        assert_eq!(refusal(to_stranger).await, refused(StatusCode::NOT_FOUND, "NOT_FOUND"));
        let not_found = refused(StatusCode::NOT_FOUND, "NOT_FOUND");
        assert_eq!(refusal(get(&desk, &path, Some(&stranger)).await).await, not_found);
        assert_eq!(refusal(get(&desk, &format!("/files/{sandbox}"), Some(&agent)).await).await, refused(StatusCode::BAD_REQUEST, "INVALID_ID"));

        let unauthenticated = refused(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED");
        for (path, client) in [
            (path.clone(), None),
            (format!("{path}?ticket="), None),
            (format!("{path}?ticket={}", "A".repeat(76)), None),
            (path.clone(), Some(agent.with_token("forged"))),
        ] {
            assert_eq!(refusal(get(&desk, &path, client.as_ref()).await).await, unauthenticated, "{path}");
        }
        let by_nobody = request(&desk.server, Method::POST, &format!("/files?projectId={sandbox}&name=a"), None);
        assert_eq!(refusal(by_nobody.body("x").send().await.unwrap()).await, unauthenticated);
    }

    async fn a_ticket_ends_with_the_rights_of_whom_it_was_made_for(engine: Engine) {
        let desk = Desk::start(engine).await;
        let message = a_message(&desk).await;
        let sandbox = sandbox(&desk.admin).await;
        let file: Value = upload(&desk, &desk.admin, &sandbox, "a", "a/b", vec![7]).await.json().await.unwrap();
        attach(&desk, &file).await;
        let agent = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let url = download_url(&agent, &message).await;
        assert_ne!(url, download_url(&desk.admin, &message).await, "each agent has their own");
        assert_eq!(get(&desk, &url, None).await.status(), StatusCode::OK);

        desk.unassign_agent("ada@desk.test", "Sandbox").await;
        until(&desk, &url, StatusCode::NOT_FOUND).await;
        desk.assign_agent("ada@desk.test", "Sandbox", "agent").await;
        until(&desk, &url, StatusCode::OK).await;

        let again = Client::sign_in(desk.server.url(), "ada@desk.test", ADMIN_PASSWORD).await;
        let of_other_sign_in = download_url(&again, &message).await;
        let signed_out = agent.query("mutation { signOut { userErrors { code } } }", Value::Null).await;
        assert_eq!(errors_of(&signed_out["signOut"]), [""; 0]);
        until(&desk, &url, StatusCode::UNAUTHORIZED).await;
        assert_eq!(get(&desk, &of_other_sign_in, None).await.status(), StatusCode::OK);
        desk.administer(["admin", "agent-deactivate", "--email", "ada@desk.test"]).await;
        until(&desk, &of_other_sign_in, StatusCode::UNAUTHORIZED).await;
    }

    async fn a_ticket_opens_nothing_else_and_nothing_of_who_was_erased(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings).env("SWITCHBOARD_LOG", "trace")).await;
        let file = |name: &str| telegram.api.file_for_bot(telegram.bot(), "document", name, "text/plain", &b"secret"[..]);
        let first = received(&desk, &telegram, 500, "document", &file("a.txt")).await;
        let second = received(&desk, &telegram, 501, "document", &file("b.txt")).await;
        let url = download_url(&desk.admin, &first).await;
        let (_, ticket) = url.split_once("ticket=").unwrap();
        assert_eq!(get(&desk, &url, None).await.status(), StatusCode::OK);
        let elsewhere = get(&desk, &format!("/files/{second}?ticket={ticket}"), None).await;
        assert_eq!(elsewhere.status(), StatusCode::UNAUTHORIZED);

        let document = "query Who($id: ID!) { node(id: $id) { ... on Message { session { customer { id name } } } } }";
        let customer = desk.admin.query(document, json!({ "id": first })).await["node"]["session"]["customer"].take();
        let input = json!({ "customerId": customer["id"], "confirmName": customer["name"] });
        mutate(&desk.admin, "customerErase", input, "customer { erasedAt }").await;
        for path in [url.clone(), format!("/files/{second}")] {
            assert_eq!(get(&desk, &path, Some(&desk.admin)).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
        desk.server.assert_never_printed(ticket);
    }

    async fn who_handed_a_session_over_keeps_its_files_and_gets_no_later_one(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let ada = desk.add_agent("ada@desk.test", "Telegram", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Telegram", "agent").await;
        let file = |name: &str| {
            telegram.api.file_for_bot(telegram.bot(), "document", name, "text/plain", name.as_bytes().to_vec())
        };
        let earlier = received(&desk, &telegram, 500, "document", &file("a.txt")).await;
        let session = until_session(&ada, &project, 7).await;
        let input = json!({ "sessionId": session, "agentId": id_of(&ada).await });
        mutate(&ada, "sessionAssign", input, "session { id }").await;
        let url = download_url(&ada, &earlier).await;
        let input = json!({ "sessionId": session, "toAgentId": id_of(&bob).await, "description": "for you" });
        mutate(&ada, "sessionTransfer", input, "transfer { at }").await;
        let path = format!("/files/{earlier}");
        assert_eq!(content(&desk, &path, Some(&bob)).await, b"a.txt", "with full context");

        // Another file comes, one goes, and the customer puts a third one in the place of the first.
        let received_later = received(&desk, &telegram, 501, "document", &file("b.txt")).await;
        let uploaded = upload(&desk, &bob, &project, "c.txt", "text/plain", b"c.txt".to_vec()).await;
        let uploaded: Value = uploaded.json().await.unwrap();
        let input = json!({ "sessionId": session, "media": [{ "fileId": uploaded["id"], "kind": "DOCUMENT" }] });
        let sent_later = send(&bob, input).await["id"].as_str().unwrap().to_owned();
        telegram.tells(&json!({ "edited_message": {
            "message_id": 500,
            "date": 1_767_225_600,
            "edit_date": 1_767_225_900,
            "chat": { "id": 7, "type": "private", "first_name": "Kim" },
            "from": { "id": 7, "is_bot": false, "first_name": "Kim" },
            "document": file("d.txt"),
        } })).await;
        let is_replaced = || async {
            let shown = media(&bob, &earlier).await;
            if shown["name"] == "d.txt" { Ok(()) } else { Err(shown) }
        };
        eventually(PATIENCE, is_replaced).await;

        let (_, ticket) = url.split_once("ticket=").unwrap();
        for (message, name) in [(&received_later, "b.txt"), (&sent_later, "c.txt")] {
            let theirs = format!("/files/{message}");
            let refusals = refusal(get(&desk, &theirs, Some(&ada)).await).await;
            assert_eq!(refusals, refused(StatusCode::NOT_FOUND, "NOT_FOUND"), "{name}");
            assert_eq!(media(&ada, message).await, Value::Null, "{name}");
            let by_ticket = get(&desk, &format!("{theirs}?ticket={ticket}"), None).await;
            assert_eq!(by_ticket.status(), StatusCode::UNAUTHORIZED, "{name}");
            assert_eq!(content(&desk, &download_url(&bob, message).await, None).await, name.as_bytes());
        }
        // What she had is as it was, by the ticket from before as well.
        assert_eq!(content(&desk, &url, None).await, b"a.txt");
        assert_eq!(content(&desk, &path, Some(&ada)).await, b"a.txt");
        assert_eq!(content(&desk, &path, Some(&bob)).await, b"d.txt");
    }

    async fn an_api_token_needs_the_scopes(engine: Engine) {
        let desk = Desk::start(engine).await;
        let message = a_message(&desk).await;
        let sandbox = sandbox(&desk.admin).await;
        let sender = api_token(&desk, "MESSAGES_SEND").await;
        let reader = api_token(&desk, "SESSIONS_READ").await;

        let forbidden = refused(StatusCode::FORBIDDEN, "FORBIDDEN");
        assert_eq!(refusal(upload(&desk, &reader, &sandbox, "a", "a/b", vec![7]).await).await, forbidden);
        let file = upload(&desk, &sender, &sandbox, "a", "a/b", vec![7]).await;
        assert_eq!(file.status(), StatusCode::CREATED);
        attach(&desk, &file.json().await.unwrap()).await;

        let path = format!("/files/{message}");
        assert_eq!(refusal(get(&desk, &path, Some(&sender)).await).await, forbidden);
        assert_eq!(get(&desk, &path, Some(&reader)).await.status(), StatusCode::OK);
        assert_eq!(get(&desk, &download_url(&reader, &message).await, None).await.status(), StatusCode::OK);
    }

    async fn an_event_shows_each_agent_an_address_of_their_own(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let document = "subscription Watch($projectId: ID!, $after: String) {
            sessionEvents(projectId: $projectId, after: $after) {
                ... on MessageAdded { message { media { downloadUrl } } }
            }
        }";
        let start = event_cursor(&desk.admin, &project).await;
        // Both watch when it happens, so that what is rendered for one could be shown to the other.
        let mut watching = Vec::new();
        for email in ["ada@desk.test", "bob@desk.test"] {
            let agent = desk.add_agent(email, "Telegram", "agent").await;
            watching.push(agent.subscribe(document, json!({ "projectId": project, "after": start })).await);
        }
        let file = telegram.api.file_for_bot(telegram.bot(), "document", "a", "a/b", vec![7]);
        let message = received(&desk, &telegram, 500, "document", &file).await;
        let mut urls = Vec::new();
        for events in &mut watching {
            let url = loop {
                let event = events.next().await.expect("the event comes");
                if let Some(url) = event["data"]["sessionEvents"]["message"]["media"]["downloadUrl"].as_str() {
                    break url.to_owned();
                }
            };
            assert!(url.starts_with(&format!("/files/{message}?ticket=")), "{url}");
            assert_eq!(get(&desk, &url, None).await.status(), StatusCode::OK);
            urls.push(url);
        }
        assert_ne!(urls[0], urls[1]);
    }
}

/// The bytes of a file that is handed out.
async fn content(desk: &Desk, path: &str, client: Option<&Client>) -> Vec<u8> {
    let response = get(desk, path, client).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    response.bytes().await.unwrap().to_vec()
}

async fn until(desk: &Desk, url: &str, status: StatusCode) {
    eventually(PATIENCE, || async {
        let found = get(desk, url, None).await.status();
        if found == status { Ok(()) } else { Err(found) }
    })
    .await;
}

/// A client that acts through an API token of the administrator with this scope.
async fn api_token(desk: &Desk, scope: &str) -> Client {
    let document = "mutation Create($input: ApiTokenCreateInput!) {
        apiTokenCreate(input: $input) { secret userErrors { code message } }
    }";
    let input = json!({ "name": scope, "scopes": [scope] });
    let created = desk.admin.query(document, json!({ "input": input })).await["apiTokenCreate"].take();
    desk.admin.with_token(created["secret"].as_str().unwrap_or_else(|| panic!("no token was made: {created}")))
}
