//! What is written comes back as it was.

use domain::customer::Profile;
use domain::{
    ChatId, CloseReason, CustomerKind, Delivery, DeliveryState, Direction, Priority, ProjectId, Role, Status,
    TelegramUserId, WorkspaceRole,
};
use store::agents::NewAgent;
use store::messages::NewMessage;
use store::projects::{BotRecord, NewProject};
use tests::on_both_engines;

use crate::fixture::{Fixture, at, insert_customer, message};

on_both_engines! {
    async fn a_session_comes_back_as_it_was(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let agent = fixture.agent("ada@example.org").await;
        let mut session = fixture.session(1, at(5)).await;
        assert_eq!((session.number, session.status, session.priority), (1, Status::Unread, Priority::Medium));
        assert_eq!((session.created_at, session.last_message_at, session.updated_at), (at(5), at(5), at(5)));
        assert_eq!(session.assignee_id, None);
        let mut tx = fixture.begin().await.unwrap();
        let first = tx.insert_message(&message(&session, "Hello", None)).await.unwrap();
        session.priority = Priority::Urgent;
        session.assignee_id = Some(agent);
        session.last_message_id = Some(first.id);
        session.last_message_at = at(6);
        session.last_direction = Direction::Outbound;
        session.inbound_count = 3;
        session.version = 9;
        session.updated_at = at(7);
        session.close(CloseReason::NoResponse, at(8));
        session.take_audience_before();
        tx.update_session(&session).await.unwrap();
        assert_eq!(tx.session(session.id).await.unwrap().as_ref(), Some(&session));
        session.reopen(at(9));
        session.assignee_id = None;
        session.take_audience_before();
        tx.update_session(&session).await.unwrap();
        assert_eq!(tx.session(session.id).await.unwrap().as_ref(), Some(&session));
    }

    async fn a_message_comes_back_as_it_was(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let agent = fixture.agent("ada@example.org").await;
        let session = fixture.session(1, at(0)).await;
        let mut tx = fixture.begin().await.unwrap();
        let question = tx.insert_message(&message(&session, "Wie geht's? 🙂", Some(i64::MAX))).await.unwrap();
        let new = NewMessage {
            direction: Direction::Outbound,
            kind: "photo".to_owned(),
            text: String::new(),
            entities: Some("[{\"type\":\"bold\"}]".to_owned()),
            author_id: Some(agent),
            reply_to_id: Some(question.id),
            delivery: Some(DeliveryState::Queued),
            created_at: at(3),
            ..message(&session, "", None)
        };
        let mut answer = tx.insert_message(&new).await.unwrap();
        assert_eq!(answer.delivery, Some(Delivery { state: DeliveryState::Queued, error: None }));
        assert_eq!((answer.reply_to_id, answer.author_id), (Some(question.id), Some(agent)));
        assert!(answer.id > question.id);

        let failed = Delivery { state: DeliveryState::Failed, error: Some("blocked".to_owned()) };
        tx.set_delivery(answer.id, &failed, None).await.unwrap();
        tx.set_message_text(answer.id, "New", None, at(4)).await.unwrap();
        answer.delivery = Some(failed);
        answer.text = "New".to_owned();
        answer.entities = None;
        answer.edited_at = Some(at(4));
        assert_eq!(tx.message(answer.id).await.unwrap().as_ref(), Some(&answer));
        let mut both = tx.messages(&[answer.id.0, question.id.0, -1]).await.unwrap();
        both.sort_by_key(|message| message.id);
        assert_eq!(both, [question, answer]);
    }

    async fn a_customer_comes_back_as_they_were(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let profile = Profile {
            kind: CustomerKind::Person,
            telegram_user_id: TelegramUserId(1 << 51),
            name: "Žofie".to_owned(),
            username: Some("zofie".to_owned()),
            language_code: Some("cs".to_owned()),
        };
        let mut tx = fixture.begin().await.unwrap();
        let mut customer = tx.insert_customer(fixture.project.id, ChatId(-5), &profile, at(1)).await.unwrap();
        let other = insert_customer(&mut tx, &fixture.project, 2).await.unwrap();
        assert!(profile.is_known_of(&customer));
        assert_eq!((customer.chat_id, customer.created_at, customer.unreachable_since), (ChatId(-5), at(1), None));
        customer.unreachable_since = Some(at(2));
        customer.reachability_at = Some(at(1));
        tx.update_customer(&customer).await.unwrap();
        let found = tx.customer_by_telegram_user(fixture.project.id, TelegramUserId(1 << 51)).await.unwrap();
        assert_eq!(found.as_ref(), Some(&customer));
        customer.name = "Sofie".to_owned();
        customer.username = None;
        customer.unreachable_since = None;
        tx.update_customer(&customer).await.unwrap();
        let mut both = tx.customers(&[other.id.0, customer.id.0]).await.unwrap();
        both.sort_by_key(|customer| customer.id);
        assert_eq!(both, [customer, other]);
        assert_eq!(tx.customer_by_telegram_user(ProjectId(-1), TelegramUserId(2)).await.unwrap(), None);
    }

    async fn agents_and_their_projects_come_back(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut tx = fixture.begin().await.unwrap();
        assert_eq!(tx.first_workspace().await.unwrap(), Some(fixture.workspace));
        let new = |email: &str, name: &str| NewAgent {
            workspace_id: fixture.workspace,
            email: email.to_owned(),
            name: name.to_owned(),
            password_hash: "first".to_owned(),
            workspace_role: WorkspaceRole::Admin,
            created_at: at(1),
        };
        let zoe = tx.insert_agent(&new("zoe@example.org", "Zoe")).await.unwrap();
        let ada = tx.insert_agent(&new("ada@example.org", "Ada")).await.unwrap();
        assert!(ada.active && ada.workspace_role == WorkspaceRole::Admin && ada.created_at == at(1));
        tx.set_password(ada.id, "second").await.unwrap();
        tx.set_agent_active(zoe.id, false).await.unwrap();
        let zoe = domain::Agent { active: false, ..zoe };
        assert_eq!(tx.agent_by_email("ada@example.org").await.unwrap(), Some((ada.clone(), "second".to_owned())));
        assert_eq!(tx.agent_by_email("eve@example.org").await.unwrap(), None);
        assert_eq!(tx.agent(zoe.id).await.unwrap().as_ref(), Some(&zoe));
        assert_eq!(tx.agents(&[ada.id.0]).await.unwrap(), std::slice::from_ref(&ada));
        assert_eq!(tx.agents_of_workspace(fixture.workspace).await.unwrap(), [ada.clone(), zoe]);

        tx.set_membership(fixture.project.id, ada.id, Role::Agent).await.unwrap();
        tx.set_membership(fixture.project.id, ada.id, Role::Supervisor).await.unwrap();
        assert_eq!(tx.memberships(ada.id).await.unwrap(), [(fixture.project.id, Role::Supervisor)]);
    }

    async fn projects_and_their_bots_come_back(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut tx = fixture.begin().await.unwrap();
        let new = NewProject {
            workspace_id: fixture.workspace,
            name: "Sandbox".to_owned(),
            sandbox: true,
            bot_id: Some(77),
            created_at: at(1),
        };
        let mut sandbox = tx.insert_project(&new).await.unwrap();
        assert!(sandbox.sandbox && sandbox.clock_offset.is_zero());
        tx.set_bot_token(sandbox.id, "sealed").await.unwrap();
        tx.set_bot_username(sandbox.id, "acme_bot").await.unwrap();
        let moved = tx.advance_clock(sandbox.id, 5).await.unwrap();
        sandbox.bot_username = Some("acme_bot".to_owned());
        sandbox.clock_offset = chrono::Duration::microseconds(5);
        sandbox.version += 2;
        assert_eq!(moved, sandbox);
        assert_eq!(tx.project(sandbox.id).await.unwrap().as_ref(), Some(&sandbox));
        assert_eq!(tx.project_by_bot_id(77).await.unwrap().as_ref(), Some(&sandbox));
        assert_eq!(tx.projects(&[sandbox.id.0]).await.unwrap(), std::slice::from_ref(&sandbox));
        let all = tx.projects_of_workspace(fixture.workspace).await.unwrap();
        assert_eq!(all, [fixture.project.clone(), sandbox.clone()]);
        assert_eq!(tx.bots().await.unwrap(), [
            BotRecord { project_id: fixture.project.id, sandbox: false, token_sealed: None, archived: false },
            BotRecord { project_id: sandbox.id, sandbox: true, token_sealed: Some("sealed".to_owned()), archived: false },
        ]);
        assert!(matches!(tx.insert_project(&new).await, Err(store::Error::Taken(_))), "two projects never share a bot");
    }

    async fn a_refresh_token_is_used_once_and_ends_with_its_family(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let agent = fixture.agent("ada@example.org").await;
        let mut tx = fixture.begin().await.unwrap();
        let one = tx.insert_token_family(agent, at(0), at(100)).await.unwrap();
        let two = tx.insert_token_family(agent, at(0), at(100)).await.unwrap();
        tx.insert_refresh_token("a", one).await.unwrap();
        let token = tx.lock_refresh_token("a").await.unwrap().unwrap();
        assert_eq!((token.family_id, token.agent_id, token.expires_at), (one, agent, at(100)));
        assert!(!token.used && !token.revoked);
        tx.use_up_refresh_token("a", at(1)).await.unwrap();
        assert!(tx.lock_refresh_token("a").await.unwrap().unwrap().used);
        let both = [one.0, two.0];
        let mut live = tx.live_token_families(&both, at(99)).await.unwrap();
        live.sort_unstable();
        assert_eq!(live, [(one, agent, at(100)), (two, agent, at(100))]);
        assert_eq!(tx.live_token_families(&both, at(100)).await.unwrap(), [], "they have run out");
        tx.revoke_token_family(one, at(2)).await.unwrap();
        assert!(tx.lock_refresh_token("a").await.unwrap().unwrap().revoked);
        assert_eq!(tx.live_token_families(&both, at(3)).await.unwrap(), [(two, agent, at(100))]);
        tx.revoke_tokens_of_agent(agent, at(3)).await.unwrap();
        assert_eq!(tx.live_token_families(&both, at(4)).await.unwrap(), []);
        assert_eq!(tx.lock_refresh_token("b").await.unwrap(), None);
    }

    async fn what_an_agent_has_seen_comes_back(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let (ada, bob) = (fixture.agent("ada@example.org").await, fixture.agent("bob@example.org").await);
        let (one, two) = (fixture.session(1, at(0)).await.id, fixture.session(2, at(0)).await.id);
        let mut tx = fixture.begin().await.unwrap();
        tx.mark_seen(one, ada, 3).await.unwrap();
        tx.mark_seen(one, ada, 4).await.unwrap();
        tx.mark_seen(two, bob, 9).await.unwrap();
        assert_eq!(tx.seen(ada, &[one.0, two.0]).await.unwrap(), [(one, 4)]);
        assert_eq!(tx.seen(ada, &[]).await.unwrap(), []);
    }

    async fn a_fact_is_settled_once(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut tx = fixture.begin().await.unwrap();
        assert_eq!(tx.meta("fact").await.unwrap(), None);
        assert_eq!(tx.settle_meta("fact", "one").await.unwrap(), "one");
        assert_eq!(tx.settle_meta("fact", "two").await.unwrap(), "one");
        tx.set_meta("fact", "three").await.unwrap();
        assert_eq!(tx.meta("fact").await.unwrap().as_deref(), Some("three"));
    }

    async fn a_sandbox_hands_its_updates_over_in_order(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let (project, other) = (fixture.project.id, fixture.project().await.id);
        let mut tx = fixture.begin().await.unwrap();
        let first = tx.push_sandbox_update(project, None, "a").await.unwrap();
        tx.push_sandbox_update(other, None, "elsewhere").await.unwrap();
        let second = tx.push_sandbox_update(project, None, "b").await.unwrap();
        assert!(second > first);
        let both = [(first, "a".to_owned()), (second, "b".to_owned())];
        assert_eq!(tx.sandbox_pending(project, 0, 10).await.unwrap(), both);
        assert_eq!(tx.sandbox_pending(project, 0, 1).await.unwrap(), both[..1]);
        assert_eq!(tx.sandbox_pending(project, second, 10).await.unwrap(), both[1..]);
        assert_eq!(tx.confirm_sandbox_updates(project, second).await.unwrap(), 1);
        assert_eq!(tx.sandbox_pending(project, 0, 10).await.unwrap(), both[1..]);
        for number in 1..4 {
            assert_eq!(tx.next_sandbox_message_id(project).await.unwrap(), number);
        }
        assert_eq!(tx.next_sandbox_message_id(other).await.unwrap(), 1);
    }
}
