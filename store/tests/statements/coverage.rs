//! Everything that can be read and written, so that every statement of the catalogue is run.

mod customers;
mod desk_tools;
mod erasure;
mod files_and_people;
mod knowledge;
mod people_admin;
mod queues;
mod ratings;
mod routing;
mod saved_views;
mod search;
mod sessions;
mod sla;
mod statistics;
mod tickets;
mod todos;

use domain::audit::EntryFilter;
use domain::chat_theme::ChatTheme;
use domain::customer::Profile;
use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder, SessionOrderField};
use domain::search::{SearchKind, grams};
use domain::session::SessionLife;
use domain::{
    AgentId, ApiScope, ApiTokenId, BotMode, ChatId, CustomerKind, DeliveryState, MessageId, Position, ProjectId, Role,
    Session, SessionId, Sight, Status, TeamId, TelegramUserId, TransferId, WorkspaceRole,
};
use store::agents::NewAgent;
use store::api_tokens::{NewApiToken, Owners};
use store::events::Scope;
use store::inbox::{Place, UpdateState};
use store::projects::{BotNote, NewProject};
use store::search::{Order, Stretch};
use store::{Queries, Tx};

use self::customers::{read_customers, write_customers};
use self::desk_tools::write_desk_tools;
use self::erasure::{erase, purge};
use self::files_and_people::{read_files_and_people, write_files, write_people};
use self::knowledge::{read_knowledge, write_knowledge};
use self::queues::write_queues;
use self::ratings::{read_ratings, write_ratings};
use self::routing::{read_routing, write_routing};
use self::saved_views::write_saved_views;
use self::search::write_search;
use self::sessions::write_session;
use self::sla::{read_sla, write_sla};
use self::statistics::{read_statistics, write_statistics};
use self::tickets::{read_tickets, write_tickets};
use self::todos::{read_todos, write_todos};
use crate::now;

/// Reads everything that can be read.
pub async fn read_everything(queries: &mut Queries, project: ProjectId, agent: AgentId, session: &Session) {
    let ids = [1, 2, 3];
    queries.meta("key").await.unwrap();
    queries.projects_with_new_commands().await.unwrap();
    queries.now_micros().await.unwrap();
    let workspace = queries.first_workspace().await.unwrap().unwrap();
    queries.agent(agent).await.unwrap();
    queries.agents(&ids).await.unwrap();
    queries.agents_of_workspace(workspace).await.unwrap();
    queries.agent_by_email("ada@example.org").await.unwrap();
    queries.is_refresh_token_known("hash").await.unwrap();
    queries.memberships(agent).await.unwrap();
    queries.memberships_of(&ids).await.unwrap();
    queries.live_token_families(&ids, now()).await.unwrap();
    queries.api_token_by_hash("hash").await.unwrap();
    queries.api_tokens(&ids).await.unwrap();
    queries.live_api_token_count(agent, now()).await.unwrap();
    for owners in [Owners::Agent(agent), Owners::Workspace(workspace)] {
        let page = Page { after: Some(ApiTokenId(1)), before: None, size: 5, from_end: false };
        queries.api_token_page(owners, page).await.unwrap();
        queries.api_token_count(owners).await.unwrap();
    }
    queries.project(project).await.unwrap();
    queries.projects(&ids).await.unwrap();
    queries.project_by_bot_id(1).await.unwrap();
    queries.projects_of_workspace(workspace).await.unwrap();
    queries.bots().await.unwrap();
    queries.customers(&ids).await.unwrap();
    queries.customer_by_telegram_user(project, TelegramUserId(1)).await.unwrap();
    queries.session(session.id).await.unwrap();
    queries.sessions(&ids).await.unwrap();
    queries.seen(agent, &ids).await.unwrap();
    queries.message(MessageId(1)).await.unwrap();
    queries.messages(&ids).await.unwrap();
    queries.message_by_telegram_id(project, ChatId(1), "", 1).await.unwrap();
    let page = Page { after: Some(MessageId(1)), before: None, size: 5, from_end: false };
    queries.message_page(session.id, page).await.unwrap();
    queries.message_count(session.id, None).await.unwrap();
    queries.album(session.id, "album").await.unwrap();
    queries.button("code").await.unwrap();
    queries.search_progress().await.unwrap();
    queries.whole_search_backlog().await.unwrap();
    for kind in SearchKind::ALL.iter().copied() {
        let stretch = Stretch { from: 1, below: 9 };
        queries.documents(kind, &ids).await.unwrap();
        queries.documents_within(kind, stretch).await.unwrap();
        for order in [Order::NewestFirst, Order::OldestFirst] {
            queries.search_candidates(project, kind, &grams("words"), stretch, order, 5).await.unwrap();
        }
        queries.search_candidate_count(project, kind, &grams("words")).await.unwrap();
    }
    for order in [Order::NewestFirst, Order::OldestFirst] {
        queries.messages_within(session.id, Stretch { from: 1, below: 9 }, order, 5).await.unwrap();
    }
    queries.message_texts(project, &Sight::Everything, &ids).await.unwrap();
    let own = Sight::of(Role::Agent, agent, &[TeamId(1), TeamId(2)].into());
    for states in [&[][..], &[DeliveryState::Unknown]] {
        let page = Page { after: Some(MessageId(1)), before: None, size: 5, from_end: false };
        queries.undelivered_page(project, &own, states, page).await.unwrap();
        queries.undelivered_count(project, &own, states).await.unwrap();
    }
    for scope in [Scope::Everything, Scope::Project(project), Scope::Session(session.id)] {
        queries.events_after(scope, Position::START, 5).await.unwrap();
    }
    queries.event_head().await.unwrap();
    queries.oldest_events(5).await.unwrap();
    queries.update_raw(project, 1, 1).await.unwrap();
    queries.intake_epoch(project).await.unwrap();
    queries.failed_updates(5).await.unwrap();
    queries.has_due_update(now()).await.unwrap();
    queries.updates(&ids).await.unwrap();
    let place = Place { epoch: 1, update_id: 1 };
    for state in UpdateState::ALL.iter().copied().map(Some).chain([None]) {
        let page = Page { after: Some(place), before: None, size: 5, from_end: false };
        queries.update_page(project, state, page).await.unwrap();
        queries.update_count(project, state).await.unwrap();
    }
    queries.poll_messages(project, "poll").await.unwrap();
    queries.chat_migration(project, ChatId(1)).await.unwrap();
    queries.lease_count("process:").await.unwrap();
    queries.due_lanes(&ids).await.unwrap();
    queries.waiting_calls(&ids).await.unwrap();
    queries.bot_status(&ids).await.unwrap();
    queries.bot_id(project).await.unwrap();
    queries.has_history(project).await.unwrap();
    queries.next_job_due().await.unwrap();
    queries.answered(agent, "key", now()).await.unwrap();
    queries.sandbox_pending(project, 0, 5).await.unwrap();
    queries.sandbox_blocks(project, TelegramUserId(7)).await.unwrap();
    queries.sandbox_fault_for(project, "sendmessage", true, Some(ChatId(7))).await.unwrap();
    let mine =
        SessionFilter::All(vec![SessionFilter::Status(vec![Status::Unread]), SessionFilter::Assignee(vec![agent])]);
    let order = SessionOrder { field: SessionOrderField::LastMessageAt, descending: true };
    let page = Page { after: Some(SessionKey { micros: 1, id: 1 }), before: None, size: 5, from_end: false };
    queries.session_page(project, &mine, order, page).await.unwrap();
    queries.session_count(project, &mine).await.unwrap();
    let visible = SessionFilter::All(vec![SessionFilter::VisibleTo(own.clone()), mine]);
    queries.session_page(project, &visible, order, page).await.unwrap();
    queries.session_count(project, &visible).await.unwrap();
    queries.whole_sessions(&own, &ids).await.unwrap();
    queries.departures(agent, &ids).await.unwrap();
    queries.tags_of_left(agent, &ids).await.unwrap();
    queries.messages_then(agent, &ids).await.unwrap();
    let left = Page { after: Some(SessionKey { micros: 1, id: 1 }), before: None, size: 5, from_end: false };
    queries.left_session_page(project, agent, left).await.unwrap();
    queries.left_session_count(project, agent).await.unwrap();
    let transfers = Page { after: Some(TransferId(1)), before: None, size: 5, from_end: false };
    queries.transfer_page(session.id, 7, transfers).await.unwrap();
    queries.transfer_count(session.id, 7).await.unwrap();
    queries.transfers_of_sessions(&[session.id.0]).await.unwrap();
    queries.earlier_session_count(session.customer_id, &own, session.id).await.unwrap();
    queries.teams_of_agents(&ids).await.unwrap();
    queries.team_members(&ids).await.unwrap();
    let page = Page { after: Some(SessionId(9)), before: None, size: 5, from_end: false };
    queries.customer_session_page(session.customer_id, &own, page).await.unwrap();
    queries.customer_session_count(session.customer_id, &own).await.unwrap();
    let page = Page { after: Some(9), before: None, size: 5, from_end: false };
    let workspace = queries.first_workspace().await.unwrap().unwrap();
    queries.audit_page(workspace, &EntryFilter::default(), page).await.unwrap();
    queries.audit_count(workspace, &EntryFilter::default()).await.unwrap();
    read_customers(queries, project, agent).await;
    read_files_and_people(queries, project, agent, session).await;
    read_routing(queries, project, session).await;
    read_tickets(queries, project, agent, session).await;
    read_sla(queries, project, session).await;
    read_ratings(queries, project, session).await;
    read_statistics(queries, project, agent).await;
    read_knowledge(queries, project, session).await;
    read_todos(queries, project, agent, session).await;
}

/// Writes everything that can be written; `round` keeps apart what has to be.
pub async fn write_everything(tx: &mut Tx, round: i64) -> (ProjectId, AgentId, Session) {
    tx.settle_meta("key", "value").await.unwrap();
    tx.set_meta("key", "value").await.unwrap();
    let workspace_id = tx.insert_workspace("Acme", now()).await.unwrap();
    let agent = NewAgent {
        workspace_id,
        email: format!("{round}@example.org"),
        name: "Ada".to_owned(),
        password_hash: String::new(),
        workspace_role: WorkspaceRole::Member,
        created_at: now(),
    };
    let agent = tx.insert_agent(&agent).await.unwrap().id;
    tx.lock_credentials(agent).await.unwrap();
    tx.set_password(agent, "hash").await.unwrap();
    tx.set_agent_active(agent, true).await.unwrap();
    let new = NewProject { workspace_id, name: "Support".to_owned(), sandbox: true, bot_id: None, created_at: now() };
    let project = tx.insert_project(&new).await.unwrap().id;
    tx.set_membership(project, agent, Role::Agent).await.unwrap();
    tx.remove_membership(project, agent).await.unwrap();
    tx.set_session_life(project, SessionLife::default()).await.unwrap();
    tx.set_chat_theme(project, &ChatTheme::default()).await.unwrap();
    tx.set_bot_token(project, "sealed").await.unwrap();
    tx.set_bot_username(project, "acme_bot").await.unwrap();
    tx.lock_project(project).await.unwrap();
    tx.set_bot(project, 1001 + round).await.unwrap();
    tx.update_project(project, "Support", (round % 2 == 0).then(now)).await.unwrap();
    let note = BotNote {
        mode: BotMode::Polling,
        webhook_url: None,
        pending_updates: (round % 2 == 0).then_some(1),
        error: Some(("error".to_owned(), now())),
        revoked: false,
    };
    tx.note_bot(project, &note, now()).await.unwrap();
    tx.freeze_bot(project, now()).await.unwrap();
    tx.dismiss_bot(project).await.unwrap();
    tx.forget_bot(project).await.unwrap();
    tx.advance_clock(project, 1).await.unwrap();

    let family = tx.insert_token_family(agent, now(), now()).await.unwrap();
    let hash = round.to_string();
    tx.insert_refresh_token(&hash, family).await.unwrap();
    tx.lock_refresh_token(&hash).await.unwrap();
    tx.use_up_refresh_token(&hash, now()).await.unwrap();
    tx.revoke_token_family(family, now()).await.unwrap();
    tx.revoke_tokens_of_agent(agent, now()).await.unwrap();
    let token = NewApiToken {
        hash: hash.clone(),
        agent_id: agent,
        name: "Import".to_owned(),
        scopes: vec![ApiScope::SessionsRead],
        expires_at: (round % 2 == 0).then(now),
        created_at: now(),
    };
    let token = tx.insert_api_token(&token).await.unwrap().id;
    tx.set_api_token_hash(token, &hash).await.unwrap();
    tx.note_api_token_use(token, now(), now()).await.unwrap();
    tx.revoke_api_token(token, now()).await.unwrap();
    tx.revoke_api_tokens_of_agent(agent, now()).await.unwrap();

    let profile = Profile {
        kind: CustomerKind::Person,
        telegram_user_id: TelegramUserId(1),
        name: "Kim".to_owned(),
        username: (round % 2 == 0).then(|| "kim".to_owned()),
        language_code: None,
    };
    let customer = tx.insert_customer(project, ChatId(1), &profile, now()).await.unwrap();
    tx.update_customer(&customer).await.unwrap();
    let session = write_session(tx, project, customer.id, agent, round).await;
    write_queues(tx, project, agent, round).await;
    write_files(tx, project, agent, &session).await;
    write_people(tx, project, agent, &session, round).await;
    write_desk_tools(tx, project, agent, &session).await;
    write_tickets(tx, project, agent, &session).await;
    write_ratings(tx, project, agent, &session, round).await;
    write_statistics(tx, agent, &session).await;
    write_knowledge(tx, project, agent, &session, round).await;
    write_todos(tx, project, agent, &session, round).await;
    write_customers(tx, project, session.customer_id, round).await;
    write_saved_views(tx, project, agent).await;
    write_search(tx, project).await;
    write_sla(tx, project, agent, &session).await;
    erase(tx, project, &session).await;
    purge(tx).await;
    write_routing(tx, project, agent, &session).await;
    (project, agent, session)
}
