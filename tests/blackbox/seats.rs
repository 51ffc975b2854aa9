//! A workspace has as many agents as it has seats, however many come at once.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use crate::stage::{Desk, errors_of, id_of, mutate, try_mutate};

const PASSWORD: &str = "a password of one's own";

on_both_engines! {
    async fn the_next_agent_over_the_seats_is_refused_until_one_is_free(engine: Engine) {
        let desk = Desk::start(engine).await;
        assert_eq!(seats(&desk.admin).await, json!({ "used": 1, "limit": null }));
        let shown = desk.administer(["admin", "seats", "--limit", "3"]).await.stdout();
        assert_eq!(shown.trim(), "1 of 3 seats are taken.");
        let ada = desk.add_stranger("ada@desk.test").await;
        assert_eq!(seats(&ada).await, Value::Null, "for administrators");
        // Who is invited takes a seat, and keeps it when they come.
        let bob = invite(&desk.admin, "bob@desk.test").await;
        assert_eq!(seats(&desk.admin).await, json!({ "used": 3, "limit": 3 }));
        assert_eq!(errors_of(&invite(&desk.admin, "eve@desk.test").await), ["SEAT_LIMIT_REACHED"]);
        let refused = desk.settings.run(["admin", "agent-create", "--email", "eve@desk.test", "--name", "Eve"]).await;
        assert!(!refused.status.success() && refused.stderr().contains("all 3 seats"), "{}", refused.stderr());
        let anonymous = Client::anonymous(desk.server.url());
        let input = json!({ "code": bob["acceptCode"], "password": PASSWORD });
        let bob = mutate(&anonymous, "invitationAccept", input, "agent { id }").await["agent"]["id"].take();
        assert_eq!(seats(&desk.admin).await, json!({ "used": 3, "limit": 3 }));

        // A seat is free when somebody goes, and taken when they come back.
        mutate(&desk.admin, "agentDeactivate", json!({ "agentId": bob }), "agent { id }").await;
        let eve = invite(&desk.admin, "eve@desk.test").await;
        let activate = || try_mutate(&desk.admin, "agentActivate", json!({ "agentId": bob }), "agent { id }");
        assert_eq!(errors_of(&activate().await), ["SEAT_LIMIT_REACHED"]);
        let revoke = json!({ "invitationId": eve["invitation"]["id"] });
        mutate(&desk.admin, "invitationRevoke", revoke, "invitation { id }").await;
        assert_eq!(errors_of(&activate().await), [""; 0]);
        // With fewer seats than agents nobody is put out, and nobody comes any more.
        desk.administer(["admin", "seats", "--limit", "2"]).await;
        assert_eq!(seats(&desk.admin).await, json!({ "used": 3, "limit": 2 }));
        assert_eq!(errors_of(&invite(&desk.admin, "eve@desk.test").await), ["SEAT_LIMIT_REACHED"]);
        assert_eq!(desk.administer(["admin", "seats", "--unlimited"]).await.stdout().trim(), "3 seats are taken, and there is no limit.");
        invite(&desk.admin, "eve@desk.test").await["acceptCode"].as_str().expect("there is a seat again");
    }

    async fn an_invitation_to_a_seat_that_is_no_more_is_not_accepted(engine: Engine) {
        let desk = Desk::start(engine).await;
        let ada = invite(&desk.admin, "ada@desk.test").await;
        let input = json!({ "code": ada["acceptCode"], "password": PASSWORD });
        desk.administer(["admin", "seats", "--limit", "1"]).await;
        let anonymous = Client::anonymous(desk.server.url());
        let refused = try_mutate(&anonymous, "invitationAccept", input.clone(), "agent { id }").await;
        assert_eq!(errors_of(&refused), ["SEAT_LIMIT_REACHED"]);
        desk.administer(["admin", "seats", "--limit", "2"]).await;
        mutate(&anonymous, "invitationAccept", input, "agent { id }").await;
    }

    async fn the_last_seat_is_taken_once_by_many_who_want_it_at_once(engine: Engine) {
        let desk = Desk::start(engine).await;
        let gone = desk.add_stranger("gone@desk.test").await;
        let gone = id_of(&gone).await;
        mutate(&desk.admin, "agentDeactivate", json!({ "agentId": gone }), "agent { id }").await;
        desk.administer(["admin", "seats", "--limit", "2"]).await;
        let emails: Vec<String> = (0..7).map(|number| format!("agent{number}@desk.test")).collect();
        let invitations = emails.iter().map(|email| invite(&desk.admin, email));
        let activation = try_mutate(&desk.admin, "agentActivate", json!({ "agentId": gone }), "agent { id }");
        let (mut outcomes, activated) = tokio::join!(join_all(invitations), activation);
        outcomes.push(activated);
        let taken = outcomes.iter().filter(|outcome| errors_of(outcome).is_empty()).count();
        let refused = outcomes.iter().filter(|outcome| errors_of(outcome) == ["SEAT_LIMIT_REACHED"]).count();
        assert_eq!((taken, refused), (1, 7), "{outcomes:?}");
        assert_eq!(seats(&desk.admin).await, json!({ "used": 2, "limit": 2 }));
    }
}

async fn seats(client: &Client) -> Value {
    client.query("{ viewer { seats { used limit } } }", Value::Null).await["viewer"]["seats"].take()
}

async fn invite(client: &Client, email: &str) -> Value {
    try_mutate(client, "agentInvite", json!({ "email": email, "name": email }), "acceptCode invitation { id }").await
}
