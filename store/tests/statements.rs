//! How the statements are run: each is prepared once for each connection and kept, but for
//! those that callers make up, and on SQLite, whose plans hang on no statistics that change,
//! each finds its rows by the index that was made for it.
//!
//! In a binary of its own, because it listens to every connection of the process.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and clippy sees the tests in this crate but not their helpers"
)]

#[path = "statements/agent_inbox.rs"]
mod agent_inbox;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::attribute::{AttributeDefinition, AttributeKind, AttributeValue};
use domain::audit::EntryFilter;
use domain::bot_text::Texts;
use domain::customer::{AttributeCondition, CustomerFilter, CustomerNotes, Profile};
use domain::event::{Cause, NewEvent};
use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder, SessionOrderField};
use domain::invitation::InvitedRole;
use domain::message::{Change, ChangeKind, Content, MediaKind, Thread, Wording};
use domain::night::Night;
use domain::note::{NoteContent, NoteWording};
use domain::notice::NoticeKind;
use domain::routing::{self, Policy, Rule};
use domain::search::{SearchKind, grams};
use domain::session::SessionLife;
use domain::tag::Preset;
use domain::trigger::{Judgement, Progress};
use domain::{
    AgentId, ApiScope, ApiTokenId, BotMode, ChatId, CustomerId, CustomerKind, Delivery, DeliveryState, Direction,
    DiversionLinkId, EventKind, FileId, InvitationId, JobId, MessageId, NoteId, OutboxId, Position, ProjectId, Role,
    RoutingRuleId, Session, SessionId, Sight, StaffLink, Status, TagId, TeamGroup, TeamId, TelegramUserId, Time,
    TransferId, UpdateRowId, WorkspaceRole,
};
use store::agents::NewAgent;
use store::api_tokens::{NewApiToken, Owners};
use store::buttons::Button;
use store::desk_tools::{NewCannedReply, NewNote, NewPresetTag, NewScheduledMessage};
use store::events::Scope;
use store::files::NewFile;
use store::idempotency::Answered;
use store::inbox::{NewUpdate, Place, Shelf, UpdateState};
use store::invitations::NewInvitation;
use store::jobs::NewJob;
use store::messages::{NewMessage, Rewording};
use store::outbox::{Hold, Lane, NewCall, OutboxState, Room};
use store::people::{LinkCode, NewDiversionLink, NewTag, NewTeam};
use store::projects::{BotNote, NewProject};
use store::routing::NewRule;
use store::sandbox::NewFault;
use store::saved_views::NewSavedView;
use store::search::{Document, Order, Stretch};
use store::sessions::NewSession;
use store::triggers::{NewFiring, NewTrigger, NewWordList};
use store::{Queries, Sharing, Store, Tx};
use tests::{Database, Engine};

/// How often each statement was run, and how often it was prepared to be kept.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Use {
    run: usize,
    kept: usize,
}

static USES: Mutex<BTreeMap<String, Use>> = Mutex::new(BTreeMap::new());
/// The last statement that was run, with its values.
static LAST: Mutex<String> = Mutex::new(String::new());

fn last_statement() -> String {
    LAST.lock().unwrap().clone()
}

struct Listener;

impl Instrumentation for Listener {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let mut uses = USES.lock().unwrap();
        match event {
            InstrumentationEvent::StartQuery { query, .. } => {
                let text = query.to_string();
                LAST.lock().unwrap().clone_from(&text);
                let text = text.split(" -- binds: ").next().unwrap();
                uses.entry(text.to_owned()).or_default().run += 1;
            }
            InstrumentationEvent::CacheQuery { sql, .. } => uses.entry(sql.to_owned()).or_default().kept += 1,
            _ => {}
        }
    }
}

fn now() -> Time {
    Time::from_timestamp(1_800_000_000, 0).unwrap()
}

/// Reads everything that can be read.
async fn read_everything(queries: &mut Queries, project: ProjectId, agent: AgentId, session: &Session) {
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
    queries.readable_sessions(&own, &ids).await.unwrap();
    queries.departures(agent, &ids).await.unwrap();
    queries.tags_of_left(agent, &ids).await.unwrap();
    queries.messages_then(agent, &ids).await.unwrap();
    let left = Page { after: Some(SessionKey { micros: 1, id: 1 }), before: None, size: 5, from_end: false };
    queries.left_session_page(project, agent, left).await.unwrap();
    queries.left_session_count(project, agent).await.unwrap();
    let transfers = Page { after: Some(TransferId(1)), before: None, size: 5, from_end: false };
    queries.transfer_page(session.id, 7, transfers).await.unwrap();
    queries.transfer_count(session.id, 7).await.unwrap();
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
}

async fn read_routing(queries: &mut Queries, project: ProjectId, session: &Session) {
    queries.routing_policy(project).await.unwrap();
    queries.routing_rules(project).await.unwrap();
    queries.routing_rules_by_id(&[1, 2]).await.unwrap();
    queries.members_of_project(project).await.unwrap();
    queries.team_members_of_project(project).await.unwrap();
    queries.routing_standings(project).await.unwrap();
    queries.loads(project).await.unwrap();
    queries.waiting_sessions(project, 5).await.unwrap();
    queries.unanswered_sessions(project, now(), 5).await.unwrap();
    queries.next_unanswered(project, now()).await.unwrap();
    queries.let_lie(&[1, 2]).await.unwrap();
    queries.present(project, now()).await.unwrap();
    queries.present_anywhere(now()).await.unwrap();
    queries.typing_at(now()).await.unwrap();
    queries.is_call_waiting(project, session.chat_id, "sendChatAction").await.unwrap();
}

async fn write_routing(tx: &mut Tx, project: ProjectId, agent: AgentId, session: &Session) {
    tx.lock_routing(project).await.unwrap();
    tx.lock_routing_if_free(project).await.unwrap();
    tx.set_routing_policy(&Policy::usual(project)).await.unwrap();
    let rule = Rule { id: RoutingRuleId(0), conditions: Vec::new(), scope: Some(routing::Scope::All), strategy: None };
    let new = NewRule { project_id: project, name: "Rule".to_owned(), rule, active: true, created_at: now() };
    let listed = tx.insert_routing_rule(&new).await.unwrap();
    tx.update_routing_rule(&listed).await.unwrap();
    tx.place_routing_rule(listed.id(), 5).await.unwrap();
    tx.delete_routing_rule(listed.id()).await.unwrap();
    tx.take_turn(project, agent, routing::Turn(1)).await.unwrap();
    tx.set_capacity(project, agent, Some(5)).await.unwrap();
    tx.note_let_lie(session.id, agent, now()).await.unwrap();
    for is_told in [true, false] {
        assert_eq!(tx.note_queued(session.id, now(), now()).await.unwrap(), is_told, "once for each time");
    }
    tx.begin_presence("holder", project, agent, now(), now()).await.unwrap();
    tx.renew_presence("holder", now()).await.unwrap();
    tx.end_presence("holder", project, agent, now()).await.unwrap();
    tx.purge_presence(Time::UNIX_EPOCH).await.unwrap();
    for is_relayed in [true, false] {
        assert_eq!(tx.note_typing(session.id, agent, now(), now(), Time::UNIX_EPOCH).await.unwrap(), is_relayed);
    }
    tx.end_typing(session.id, agent, now()).await.unwrap();
    tx.purge_typing(Time::UNIX_EPOCH).await.unwrap();
}

async fn read_customers(queries: &mut Queries, project: ProjectId, agent: AgentId) {
    let ids = [1, 2, 3];
    queries.customers_by_telegram_users(project, &ids).await.unwrap();
    queries.customer_notes(&ids).await.unwrap();
    queries.attribute_definitions(project).await.unwrap();
    queries.attributes_of_customers(&ids).await.unwrap();
    let condition = AttributeCondition {
        name: "plan".to_owned(),
        texts: Some(vec!["gold".to_owned()]),
        at_least: Some(1.0),
        since: Some(now()),
        ..AttributeCondition::default()
    };
    let filters = [
        CustomerFilter::default(),
        CustomerFilter { username: Some("kim".to_owned()), reachable: Some(true), ..CustomerFilter::default() },
        CustomerFilter { attributes: vec![condition], ..CustomerFilter::default() },
    ];
    for role in [Role::Agent, Role::Supervisor] {
        let sight = Sight::of(role, agent, &[].into());
        queries.acquaintances(&sight, &ids).await.unwrap();
        for filter in &filters {
            let page = Page { after: Some(CustomerId(1)), before: None, size: 5, from_end: false };
            queries.customer_page(project, &sight, filter, page).await.unwrap();
            queries.customer_count(project, &sight, filter).await.unwrap();
        }
    }
}

async fn write_customers(tx: &mut Tx, project_id: ProjectId, customer: CustomerId, round: i64) {
    let (name, kind) = (format!("name {round}"), AttributeKind::Text);
    let definition = AttributeDefinition { project_id, name, kind, label: String::new() };
    tx.define_attribute(&definition).await.unwrap();
    tx.set_attribute_label(project_id, &definition.name, "Name").await.unwrap();
    let value = AttributeValue::Text("value".to_owned());
    tx.set_attribute(project_id, customer, &definition.name, &value, now()).await.unwrap();
    tx.remove_attribute(customer, &definition.name).await.unwrap();
    tx.set_customer_notes(customer, &CustomerNotes::default()).await.unwrap();
    tx.set_night(project_id, Night::default()).await.unwrap();
}

async fn read_files_and_people(queries: &mut Queries, project: ProjectId, agent: AgentId, session: &Session) {
    let ids = [1, 2, 3];
    queries.bot_token_sealed(project).await.unwrap();
    queries.messages_of_albums(&ids, &["album".to_owned()]).await.unwrap();
    queries.has_event(Position::START).await.unwrap();
    queries.files(&ids).await.unwrap();
    queries.file_chunk(FileId(1), 0).await.unwrap();
    queries.unused_files(agent, project).await.unwrap();
    queries.teams(&ids).await.unwrap();
    queries.teams_of_project(project).await.unwrap();
    queries.team_groups(&ids).await.unwrap();
    queries.team_groups_of_project(project).await.unwrap();
    queries.team_group_in(project, ChatId(1)).await.unwrap();
    queries.staff_links(&ids).await.unwrap();
    queries.staff_link(project, agent).await.unwrap();
    queries.staff_link_in(project, ChatId(1)).await.unwrap();
    queries.tags(&ids).await.unwrap();
    queries.tags_of_project(project).await.unwrap();
    read_people_admin(queries, project, agent).await;
    queries.tags_of_sessions(&ids).await.unwrap();
    queries.tags_of_customers(&ids).await.unwrap();
    queries.open_sessions_with_tag(TagId(1)).await.unwrap();
    queries.diversion_link_tags(project).await.unwrap();
    queries.notes(&ids).await.unwrap();
    queries.note_wordings(&ids).await.unwrap();
    queries.notes_of_sessions(&ids).await.unwrap();
    for version in [None, Some(7)] {
        let page = Page { after: Some(NoteId(1)), before: None, size: 5, from_end: false };
        queries.note_page(session.id, version, page).await.unwrap();
        queries.note_count(session.id, version).await.unwrap();
    }
    queries.canned_replies(&ids).await.unwrap();
    queries.canned_replies_for(project, agent).await.unwrap();
    queries.canned_reply_count(project, None).await.unwrap();
    queries.canned_reply_called(project, Some(agent), "hello").await.unwrap();
    queries.scheduled_messages(&ids).await.unwrap();
    queries.scheduled_messages_of(&ids).await.unwrap();
    queries.pinned_messages(&ids).await.unwrap();
    queries.triggers(&ids).await.unwrap();
    queries.triggers_of_project(project).await.unwrap();
    queries.trigger_statistics(&ids).await.unwrap();
    queries.word_lists(&ids).await.unwrap();
    queries.word_lists_of_project(project).await.unwrap();
    queries.trigger_progress(&ids).await.unwrap();
    queries.trigger_firings(&ids).await.unwrap();
    queries.trigger_firings_of(&ids).await.unwrap();
    queries.diversion_links(&ids).await.unwrap();
    queries.diversion_link_by_code(project, "code").await.unwrap();
    let page = Page { after: Some(DiversionLinkId(1)), before: None, size: 5, from_end: false };
    queries.diversion_link_page(project, page).await.unwrap();
    queries.diversion_link_count(project).await.unwrap();
    queries.bot_texts(project).await.unwrap();
    queries.customer_session_ids(session.customer_id).await.unwrap();
    for number in [1, -1] {
        queries.updates_of(project, TelegramUserId(number), ChatId(number), 1, 5).await.unwrap();
    }
}

async fn read_people_admin(queries: &mut Queries, project: ProjectId, agent: AgentId) {
    let workspace = queries.first_workspace().await.unwrap().unwrap();
    queries.seats(workspace, now()).await.unwrap();
    queries.has_other_admin(workspace, agent).await.unwrap();
    queries.has_other_project_admin(project, agent).await.unwrap();
    queries.invitations(&[1, 2, 3]).await.unwrap();
    queries.invitation_by_hash("hash").await.unwrap();
    queries.pending_invitation(workspace, "eve@example.org").await.unwrap();
    for of in [None, Some(project)] {
        let page = Page { after: Some(InvitationId(9)), before: None, size: 5, from_end: false };
        queries.invitation_page(workspace, of, page).await.unwrap();
        queries.invitation_count(workspace, of).await.unwrap();
    }
    for active in [None, Some(true)] {
        let page = Page { after: Some(AgentId(0)), before: None, size: 5, from_end: false };
        queries.agent_page(workspace, active, page).await.unwrap();
        queries.agent_count(workspace, active).await.unwrap();
    }
    let page = Page { after: Some(AgentId(0)), before: None, size: 5, from_end: false };
    queries.member_page(workspace, project, page).await.unwrap();
    queries.member_count(workspace, project).await.unwrap();
    queries.open_sessions_of_agent(project, agent).await.unwrap();
    queries.open_sessions_of_team(project, TeamId(1)).await.unwrap();
}

async fn write_people_admin(tx: &mut Tx, project: ProjectId, agent: AgentId, round: i64) {
    let workspace_id = tx.agent(agent).await.unwrap().unwrap().workspace_id;
    tx.lock_people(workspace_id).await.unwrap();
    tx.set_seats(workspace_id, Some(5)).await.unwrap();
    let role = InvitedRole { project_id: project, role: Role::Agent, team_ids: vec![TeamId(1)] };
    let new = NewInvitation {
        workspace_id,
        hash: format!("hash {round}"),
        email: format!("eve{round}@example.org"),
        name: "Eve".to_owned(),
        workspace_role: WorkspaceRole::Member,
        roles: vec![role],
        invited_by: agent,
        created_at: now(),
        expires_at: now(),
    };
    let invitation = tx.insert_invitation(&new).await.unwrap();
    assert_eq!(tx.lock_invitation(invitation.id).await.unwrap().as_ref(), Some(&invitation));
    tx.revoke_invitations_of(workspace_id, agent, now()).await.unwrap();
    tx.revoke_invitation(invitation.id, now()).await.unwrap();
    tx.accept_invitation(invitation.id, agent, now()).await.unwrap();
    let new = NewTeam { project_id: project, name: "Gone".to_owned(), line: 1, created_at: now() };
    let team = tx.insert_team(&new).await.unwrap();
    tx.leave_teams(project, agent).await.unwrap();
    assert!(tx.delete_team(&team, now()).await.unwrap() && !tx.delete_team(&team, now()).await.unwrap());
    assert_eq!(tx.update_team(&team).await.unwrap(), None);
}

/// Writes everything that can be written; `round` keeps apart what has to be.
async fn write_everything(tx: &mut Tx, round: i64) -> (ProjectId, AgentId, Session) {
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
    write_customers(tx, project, session.customer_id, round).await;
    write_saved_views(tx, project, agent).await;
    write_search(tx, project).await;
    erase(tx, project, &session).await;
    purge(tx).await;
    write_routing(tx, project, agent, &session).await;
    (project, agent, session)
}

async fn write_session(
    tx: &mut Tx,
    project_id: ProjectId,
    customer_id: CustomerId,
    agent: AgentId,
    round: i64,
) -> Session {
    let number = tx.next_session_number(project_id).await.unwrap();
    let new = NewSession {
        project_id,
        number,
        customer_id,
        chat_id: ChatId(1),
        thread: Thread::default(),
        created_at: now(),
    };
    let mut session = tx.insert_session(&new).await.unwrap();
    session.assignee_id = (round % 2 == 0).then_some(agent);
    tx.update_session(&session).await.unwrap();
    tx.lock_session(session.id).await.unwrap();
    tx.lock_session_if_free(session.id).await.unwrap();
    tx.lock_newest_session(customer_id).await.unwrap();
    tx.set_pace(session.id, session.pace).await.unwrap();
    tx.customers_by_telegram_users(&[project_id], &[TelegramUserId(1)]).await.unwrap();
    tx.lock_open_sessions(&[customer_id]).await.unwrap();
    tx.note_arrivals(std::slice::from_ref(&session)).await.unwrap();
    tx.mark_seen(session.id, agent, round).await.unwrap();
    let message = NewMessage {
        project_id,
        session_id: session.id,
        customer_id,
        chat_id: ChatId(1),
        direction: Direction::Outbound,
        kind: "text".to_owned(),
        text: "Hello".to_owned(),
        entities: None,
        author_id: session.assignee_id,
        reply_to_id: None,
        telegram_message_id: None,
        delivery: Some(DeliveryState::Queued),
        content: Content::default(),
        album_id: None,
        created_at: now(),
    };
    let numbered = NewMessage { telegram_message_id: Some(1000 + round), ..message.clone() };
    tx.insert_arrivals(std::slice::from_ref(&numbered)).await.unwrap();
    tx.insert_new_message(&numbered).await.unwrap();
    let message = tx.insert_message(&message).await.unwrap().id;
    let rewording = Rewording {
        kind: "text",
        text: "Hi",
        entities: None,
        content: &Content::default(),
        edited_at: now(),
        worded_at: (round % 2 == 0).then(now),
    };
    tx.reword_message(message, &rewording).await.unwrap();
    tx.insert_poll(project_id, "poll", message).await.unwrap();
    tx.insert_press(&format!("code {round}"), TelegramUserId(1)).await.unwrap();
    tx.insert_chat_migration(project_id, ChatId(8), ChatId(9)).await.unwrap();
    tx.move_sessions(customer_id, ChatId(8), ChatId(9)).await.unwrap();
    tx.move_unnumbered_messages(customer_id, ChatId(8), ChatId(9)).await.unwrap();
    tx.queued_calls(project_id, ChatId(8)).await.unwrap();
    tx.move_call(OutboxId(1), ChatId(1), "{}").await.unwrap();
    tx.hand_over_sessions(CustomerId(-1), customer_id).await.unwrap();
    let sent = Delivery { state: DeliveryState::Sent, error: None };
    tx.set_delivery(message, &sent, Some(round)).await.unwrap();
    tx.set_messages_sent(&[(message, Some(round))]).await.unwrap();
    tx.set_message_text(message, "Hi", None, now()).await.unwrap();
    let wording = Wording { text: "Hi".to_owned(), entities: None, edited_at: (round % 2 == 0).then(now) };
    tx.set_wording(message, &wording).await.unwrap();
    tx.set_changes(message, &vec![Change::queued(ChangeKind::Edit, now())]).await.unwrap();
    tx.set_content(message, &Content::default()).await.unwrap();
    tx.set_pinned(message, (round % 2 == 0).then(now)).await.unwrap();
    tx.set_deleted(message, now()).await.unwrap();
    let button = Button { code: format!("button {round}"), project_id, message_id: message, label: "Yes".to_owned() };
    tx.insert_button(&button, now()).await.unwrap();
    let event = |message_id| NewEvent {
        project_id,
        kind: EventKind::MessageAdded,
        session_id: session.id,
        customer_id,
        message_id,
        cause: Cause::AgentReply,
        at: now(),
        audience_before: None,
    };
    // Whatever their number and whatever is empty in them.
    tx.append_events(&[event(Some(message))], now()).await.unwrap();
    tx.append_events(&[event(None), event(Some(message))], now()).await.unwrap();
    tx.delete_events_through(Position::START).await.unwrap();
    session
}

async fn write_queues(tx: &mut Tx, project_id: ProjectId, agent: AgentId, round: i64) {
    let update = |update_id| NewUpdate {
        user_id: None,
        project_id,
        epoch: 1,
        update_id,
        chat_id: ChatId(1),
        kind: "message".to_owned(),
        raw: String::new(),
    };
    tx.insert_updates(&[update(1)], now()).await.unwrap();
    tx.insert_updates(&[update(2), update(3)], now()).await.unwrap();
    tx.raise_intake_epoch(project_id, round).await.unwrap();
    tx.claim_updates(now(), 5).await.unwrap();
    tx.finish_updates(&[1, 2]).await.unwrap();
    tx.shelve_updates(&[3], Shelf::Flood).await.unwrap();
    tx.move_pending_updates(project_id, ChatId(1), ChatId(1)).await.unwrap();
    tx.fail_update(UpdateRowId(1), "error", Some(now())).await.unwrap();
    tx.fail_update(UpdateRowId(1), "error", None).await.unwrap();
    tx.retry_update(UpdateRowId(1), now()).await.unwrap();

    let call = NewCall {
        attachments: Vec::new(),
        cost: 1,
        project_id,
        chat_id: ChatId(1),
        lane: Lane::LiveReply,
        message_id: None,
        method: "sendMessage".to_owned(),
        payload: String::new(),
    };
    tx.insert_call(&call, now()).await.unwrap();
    tx.lock_open_calls(&[1, 2]).await.unwrap();
    tx.replace_call(OutboxId(1), &call).await.unwrap();
    for lane in Lane::ALL {
        tx.claim_calls(lane, &[Room { project_id, limit: 5 }], now()).await.unwrap();
    }
    tx.start_calls(&[1, 2], "attempt").await.unwrap();
    tx.hold_chats(&[Hold { project_id, chat_id: ChatId(1), until: now() }]).await.unwrap();
    tx.open_tries(&[1, 2]).await.unwrap();
    tx.settle_calls_as_sent(&[3, 4], now()).await.unwrap();
    tx.lock_try(OutboxId(1), "attempt").await.unwrap();
    tx.requeue_call(OutboxId(1), now(), true, "error").await.unwrap();
    tx.abandoned_calls(project_id).await.unwrap();
    tx.settle_call(OutboxId(1), OutboxState::Sent, None, now()).await.unwrap();

    let job = NewJob {
        key: round.to_string(),
        project_id: (round % 2 == 0).then_some(project_id),
        kind: "remind",
        payload: String::new(),
        due_at: now(),
    };
    tx.schedule_job(&job, now()).await.unwrap();
    tx.schedule_job_once(&job, now()).await.unwrap();
    tx.claim_job(now()).await.unwrap();
    tx.fail_job(JobId(1), "error", Some(now())).await.unwrap();
    tx.fail_job(JobId(1), "error", None).await.unwrap();
    tx.postpone_job(JobId(1), now()).await.unwrap();
    tx.put_off_job(JobId(1), now()).await.unwrap();
    tx.bring_jobs_nearer(project_id, 1).await.unwrap();
    tx.finish_job(JobId(1)).await.unwrap();

    tx.acquire_lease("lease", "holder", 1).await.unwrap();
    tx.renew_leases(&["lease".to_owned()], "holder", 1).await.unwrap();
    tx.keep_lease("lease", "holder").await.unwrap();
    tx.keep_leases(&["lease".to_owned()], "holder").await.unwrap();
    tx.release_lease("lease", "holder").await.unwrap();
    tx.release_leases("holder").await.unwrap();
    tx.insert_answered(agent, "key", &answered(), now(), now()).await.unwrap();
    tx.push_sandbox_update(project_id, Some(TelegramUserId(7)), "raw").await.unwrap();
    tx.confirm_sandbox_updates(project_id, 1).await.unwrap();
    tx.next_sandbox_message_id(project_id).await.unwrap();
    tx.pass_sandbox_message_id(project_id, 5).await.unwrap();
    tx.erase_sandbox_customer(project_id, TelegramUserId(7)).await.unwrap();
    tx.block_in_sandbox(project_id, TelegramUserId(7)).await.unwrap();
    tx.unblock_in_sandbox(project_id, TelegramUserId(7)).await.unwrap();
    let fault = NewFault { project_id, method: Some("sendmessage"), chat_id: None, fault: "{}", strikes: Some(2) };
    tx.insert_sandbox_fault(&fault).await.unwrap();
    tx.sandbox_fault_count(project_id).await.unwrap();
    tx.spend_sandbox_fault(1, 2).await.unwrap();
    tx.clear_sandbox_faults(project_id).await.unwrap();
}

async fn write_files(tx: &mut Tx, project_id: ProjectId, agent_id: AgentId, session: &Session) {
    let new = NewFile {
        project_id,
        agent_id,
        name: "plan.pdf".to_owned(),
        mime_type: "application/pdf".to_owned(),
        most_bytes: 5,
        chunk_bytes: 5,
        created_at: now(),
    };
    let file = tx.insert_file(&new).await.unwrap();
    tx.insert_file_chunk(file, 0, b"bytes").await.unwrap();
    tx.complete_file(file, 5, now()).await.unwrap();
    tx.lock_file(file).await.unwrap();
    tx.mark_file_used(file, now()).await.unwrap();
    tx.set_telegram_file_id(file, MediaKind::Photo, "handle").await.unwrap();
    tx.note_file_use(session.customer_id, file).await.unwrap();
    tx.delete_files(&[-1, -2]).await.unwrap();
    tx.purge_unused_files(Time::UNIX_EPOCH).await.unwrap();
}

async fn write_people(tx: &mut Tx, project_id: ProjectId, agent_id: AgentId, session: &Session, round: i64) {
    write_people_admin(tx, project_id, agent_id, round).await;
    let new = NewTeam { project_id, name: "First line".to_owned(), line: 1, created_at: now() };
    let team = tx.insert_team(&new).await.unwrap();
    tx.update_team(&team).await.unwrap();
    let chat_id = ChatId(-7);
    let group = TeamGroup { project_id, team_id: team.id, chat_id, title: "Team".to_owned(), linked_at: now() };
    tx.link_team_group(&group).await.unwrap();
    tx.move_team_group(project_id, chat_id, ChatId(-8)).await.unwrap();
    tx.unlink_team_group(project_id, chat_id).await.unwrap();
    let link = StaffLink {
        project_id,
        agent_id,
        chat_id: ChatId(7),
        telegram_name: "Ada".to_owned(),
        linked_at: now(),
        hinted_at: None,
    };
    tx.link_staff(&link).await.unwrap();
    tx.note_staff_hint(&link, now(), now()).await.unwrap();
    tx.unlink_staff(project_id, agent_id).await.unwrap();
    let hash = round.to_string();
    let code = LinkCode { hash: hash.clone(), project_id, agent_id, team_id: None, expires_at: now() };
    tx.insert_link_code(&code, Time::UNIX_EPOCH).await.unwrap();
    tx.lock_link_code(&hash).await.unwrap();
    tx.delete_link_code(&hash).await.unwrap();
    tx.note_notice(session.id, NoticeKind::NewSession, ChatId(7), now(), now()).await.unwrap();
    let new = NewTag { project_id, name: "Billing".to_owned(), color: "#ff0000".to_owned(), created_at: now() };
    let tag = tx.insert_tag(&new).await.unwrap().id;
    tx.add_session_tag(session.id, tag).await.unwrap();
    tx.remove_session_tag(session.id, tag).await.unwrap();
    let new = NewDiversionLink {
        project_id,
        code: format!("code {round}"),
        name: "Campaign".to_owned(),
        source: "campaign".to_owned(),
        tag_ids: vec![TagId(1)],
        team_id: None,
        agent_id: None,
        created_at: now(),
    };
    let link = tx.insert_diversion_link(&new).await.unwrap();
    tx.update_diversion_link(&link).await.unwrap();
    tx.count_diversion(link.id).await.unwrap();
    tx.set_greeting(project_id, &Texts::default()).await.unwrap();
    tx.set_bot_commands(project_id, Vec::new()).await.unwrap();
    tx.set_registered_commands(project_id, Vec::new()).await.unwrap();
}

async fn write_saved_views(tx: &mut Tx, project_id: ProjectId, agent: AgentId) {
    for owner_id in [Some(agent), None] {
        let (filter, created_at) = (SessionFilter::Resolved(true), now());
        let new = NewSavedView { project_id, owner_id, name: "Mine".to_owned(), filter, place: 1, created_at };
        let view = tx.insert_saved_view(&new).await.unwrap();
        tx.update_saved_view(&view).await.unwrap();
        assert_eq!(tx.saved_views_of(project_id, owner_id).await.unwrap(), std::slice::from_ref(&view));
        assert_eq!(tx.saved_views(&[view.id.0]).await.unwrap(), std::slice::from_ref(&view));
        tx.delete_saved_view(view.id).await.unwrap();
    }
    let filter = SessionFilter::All(vec![SessionFilter::Tag(vec![TagId(1)]), SessionFilter::UnreadFor(agent, true)]);
    tx.session_ids(project_id, &filter).await.unwrap();
    tx.session_ids_among(project_id, &filter, &[1, 2]).await.unwrap();
    let sight = Sight::Own { agent_id: agent, team_ids: [TeamId(1)].into() };
    let inbox = SessionFilter::All(vec![SessionFilter::VisibleTo(sight), filter]);
    tx.session_ids(project_id, &inbox).await.unwrap();
    tx.session_ids_among(project_id, &inbox, &[1, 2]).await.unwrap();
    tx.changed_sessions(project_id, Position::START, 10).await.unwrap();
    tx.saved_views_of_project(project_id).await.unwrap();
}

async fn write_search(tx: &mut Tx, project_id: ProjectId) {
    let progress = tx.claim_search_progress().await.unwrap().unwrap();
    tx.set_search_progress(&progress).await.unwrap();
    for text in ["some words", "other words", ""] {
        let document = Document { kind: SearchKind::Customer, id: 1, project_id, text: text.to_owned() };
        tx.index_documents(&[document]).await.unwrap();
    }
    let document = Document { kind: SearchKind::Customer, id: 1, project_id, text: "words".to_owned() };
    tx.index_documents(&[document]).await.unwrap();
    tx.forget_in_search(SearchKind::Customer, &[1]).await.unwrap();
}

async fn write_desk_tools(tx: &mut Tx, project_id: ProjectId, agent_id: AgentId, session: &Session) {
    let new = NewNote {
        project_id,
        session_id: session.id,
        agent_id,
        content: NoteContent::default(),
        created_at: now(),
        since_version: 1,
    };
    let note = tx.insert_note(&new).await.unwrap();
    tx.update_note(&note).await.unwrap();
    let content = NoteContent::default();
    let wording = NoteWording { note_id: note.id, until_version: 2, content, edited_at: None };
    tx.insert_note_wording(&wording).await.unwrap();
    tx.insert_preset_tag(NewPresetTag { project_id, preset: Preset::Vip, created_at: now() }).await.unwrap();
    let tags = tx.tags_of_project(project_id).await.unwrap();
    let tag = tx.update_tag(&tags[0]).await.unwrap();
    tx.add_customer_tag(session.customer_id, tag.id).await.unwrap();
    tx.replace_tag(tag.id, tags[1].id).await.unwrap();
    tx.remove_customer_tag(session.customer_id, tags[1].id).await.unwrap();
    tx.set_diversion_link_tags(DiversionLinkId(1), vec![tag.id]).await.unwrap();
    let new = NewCannedReply {
        project_id,
        owner_id: None,
        shortcut: "hello".to_owned(),
        title: "Hello".to_owned(),
        texts: Texts::default(),
        created_at: now(),
    };
    let reply = tx.insert_canned_reply(&new).await.unwrap();
    tx.update_canned_reply(&reply).await.unwrap();
    tx.count_canned_reply(reply.id).await.unwrap();
    tx.delete_canned_reply(reply.id).await.unwrap();
    let new = NewScheduledMessage {
        project_id,
        session_id: session.id,
        agent_id,
        text: String::new(),
        entities: vec![],
        media: vec![],
        send_at: now(),
        cancel_on_reply: true,
        inbound_count: 1,
        created_at: now(),
        since_version: 1,
    };
    let message = tx.insert_scheduled_message(&new).await.unwrap();
    tx.update_scheduled_message(&message).await.unwrap();
    tx.remove_job("no such job").await.unwrap();
    write_triggers(tx, project_id, agent_id, session).await;
}

async fn write_triggers(tx: &mut Tx, project_id: ProjectId, agent_id: AgentId, session: &Session) {
    let new = NewWordList { project_id, name: "Words".to_owned(), phrases: vec![], created_at: now() };
    let list = tx.insert_word_list(&new).await.unwrap();
    tx.update_word_list(&list).await.unwrap();
    tx.remove_word_list(list.id).await.unwrap();
    let new = NewTrigger {
        project_id,
        name: "Trigger".to_owned(),
        word_list_ids: vec![list.id],
        messages_in_a_row: None,
        tag_ids: vec![],
        raise_to: None,
        active: true,
        place: 1,
        created_at: now(),
    };
    let trigger = tx.insert_trigger(&new).await.unwrap();
    tx.update_trigger(&trigger).await.unwrap();
    tx.remove_trigger(trigger.id, now()).await.unwrap();
    tx.set_trigger_progress(session.id, &Progress::default()).await.unwrap();
    let firing = NewFiring {
        trigger_id: trigger.id,
        session_id: session.id,
        message_id: MessageId(1),
        phrases: vec![],
        at: now(),
        since_version: 1,
    };
    tx.insert_trigger_firing(&firing).await.unwrap();
    let firing = tx.trigger_firings_of(&[session.id.0]).await.unwrap().remove(0);
    tx.judge_trigger_firing(firing.id, Judgement::Accepted, agent_id).await.unwrap();
    tx.raise_project_version(project_id).await.unwrap();
}

async fn erase(tx: &mut Tx, project: ProjectId, session: &Session) {
    tx.erase_customer_notes(session.customer_id).await.unwrap();
    tx.erase_attributes(session.customer_id).await.unwrap();
    for number in [1, -1] {
        tx.erase_updates(project, TelegramUserId(number), ChatId(number), -5).await.unwrap();
    }
    tx.lock_sessions_of(session.customer_id).await.unwrap();
    let messages = tx.message_ids_of(&[session.id.0]).await.unwrap();
    let messages: Vec<i64> = messages.iter().map(|message| message.0).collect();
    tx.erase_calls(project, &messages, ChatId(1), -5, now()).await.unwrap();
    tx.erase_belongings(project, &messages, TelegramUserId(1)).await.unwrap();
    tx.erase_messages(&[session.id.0], -5).await.unwrap();
    tx.erase_customer_tags(session.customer_id).await.unwrap();
    let notes = tx.erase_notes(&[session.id.0]).await.unwrap();
    tx.forget_requests("noteCreate", &notes).await.unwrap();
    tx.erase_trigger_firings(&[session.id.0]).await.unwrap();
    tx.erase_scheduled_messages(&[session.id.0]).await.unwrap();
    tx.erase_files(session.customer_id).await.unwrap();
    tx.erase_chat_migrations(project, ChatId(1)).await.unwrap();
    tx.tell_erasure("erasure_version").await.unwrap();
}

fn answered() -> Answered {
    Answered { operation: String::new(), fingerprint: String::new(), object_id: 1, object_count: 1 }
}

async fn purge(tx: &mut Tx) {
    tx.purge_outbox(Time::UNIX_EPOCH).await.unwrap();
    tx.purge_inbox(Time::UNIX_EPOCH).await.unwrap();
    tx.purge_idempotency_keys(Time::UNIX_EPOCH).await.unwrap();
    tx.purge_token_families(Time::UNIX_EPOCH).await.unwrap();
}

/// The uses of statements since the last call, without those of a connection's set-up and end.
fn uses() -> BTreeMap<String, Use> {
    let mut uses = std::mem::take(&mut *USES.lock().unwrap());
    let is_a_setting = |text: &str| {
        ["SET ", "PRAGMA ", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"]
            .iter()
            .any(|start| text.starts_with(start))
    };
    uses.retain(|text, _| !is_a_setting(text));
    uses
}

async fn use_everything(store: &Store, round: i64) {
    let mut tx = store.begin().await.unwrap();
    let (project, agent, session) = write_everything(&mut tx, round).await;
    read_everything(&mut tx, project, agent, &session).await;
    tx.commit_silently().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_are_kept_and_use_their_indexes() {
    set_default_instrumentation(|| Some(Box::new(Listener))).unwrap();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if !engine.is_available().await {
            continue;
        }
        let database = Database::new(engine).await;
        let (store, _) = Store::open(database.url(), Sharing::Shared).await.unwrap();
        uses();
        use_everything(&store, 0).await;
        let first = uses();
        assert!(first.len() > 90, "{engine}: {} statements", first.len());
        let unkept: Vec<&String> = first.iter().filter(|(_, uses)| uses.kept != 1).map(|(text, _)| text).collect();
        assert!(unkept.is_empty(), "{engine}: prepared anew each time: {unkept:#?}");
        for round in 1..4 {
            use_everything(&store, round).await;
        }
        let prepared: Vec<String> =
            uses().into_iter().filter(|(_, uses)| uses.kept > 0).map(|(text, _)| text).collect();
        assert!(prepared.is_empty(), "{engine}: further texts of the same statements: {prepared:#?}");

        if engine == Engine::Sqlite {
            let mut conn = SqliteConnection::establish(database.url().strip_prefix("sqlite://").unwrap()).unwrap();
            check_plans(&mut conn, first.keys());
            check_outbox(&mut conn, first.keys());
            check_inbox(&mut conn, &store).await;
        }
        abandon(&store).await;
        agent_inbox::check(&database, &store).await;

        make_up_filters(&store).await;
        let kept = uses().values().filter(|uses| uses.kept > 0).count();
        assert!((200..=256).contains(&kept), "{engine}: {kept} statements that callers made up are kept");
    }
}

/// Reads through many filters of different forms.
async fn make_up_filters(store: &Store) {
    let mut reader = store.begin().await.unwrap();
    for form in 0..400_u32 {
        let part = |bit: u32| SessionFilter::Assigned(form & (1 << bit) == 0);
        let filter = SessionFilter::Any((0..9).map(part).collect());
        reader.session_count(ProjectId(1), &filter).await.unwrap();
    }
    assert_eq!(reader.session(SessionId(-1)).await.unwrap(), None);
    reader.roll_back().await.unwrap();
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The steps of a statement's plan on SQLite.
fn plan(conn: &mut SqliteConnection, statement: &str) -> Vec<String> {
    let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(conn).unwrap();
    steps.into_iter().map(|step| step.detail).collect()
}

/// Walking through a whole table is for tables that stay small, and for what is rare.
fn check_plans<'a>(conn: &mut SqliteConnection, statements: impl Iterator<Item = &'a String>) {
    const WALKS: [&str; 19] = [
        "SCAN agents",
        "SCAN json_each",
        "SCAN leases",
        // Codes work for a quarter of an hour.
        "SCAN link_codes",
        "SCAN presence",
        "SCAN projects",
        // FTS5 finds documents by their words.
        "SCAN search_index VIRTUAL TABLE INDEX",
        "SCAN workspaces",
        // Only what Telegram was not told is in the index.
        "SCAN bot_texts USING INDEX bot_texts_unregistered",
        // Only what is pending is in the one index, and what was given up in the other.
        "SCAN tg_inbox USING INDEX tg_inbox_next",
        "SCAN tg_inbox USING INDEX tg_inbox_failed",
        // The oldest rows are the first, and no more of them are looked at than are deleted.
        "SCAN old",
        // The clock of a sandbox was moved.
        "SCAN jobs USING INDEX jobs_due",
        "SCAN jobs USING COVERING INDEX jobs_due",
        "SCAN CONSTANT ROW",
        // The newest event is the last row.
        "SCAN events",
        // An agent's inbox is put together of the first rows of a few ranges of indexes.
        "SCAN one",
        "SCAN found",
        // Whoever erases a customer walks through the requests of one day, so that no request has to be found by what
        // it made.
        "SCAN idempotency_keys",
    ];
    // The plan of an insert shows a look for rows that refer to the new one, which never runs.
    let mut walks = Vec::new();
    for statement in statements.filter(|statement| !statement.starts_with("INSERT")) {
        for step in plan(conn, statement) {
            if step.starts_with("SCAN") && !WALKS.iter().any(|walk| step.starts_with(walk)) {
                walks.push(format!("{step}: {statement}"));
            }
        }
    }
    assert!(walks.is_empty(), "{walks:#?}");
}

/// However much waits, the queues are read in their order, no more of them than are taken, and of each its first call.
fn check_outbox<'a>(conn: &mut SqliteConnection, statements: impl Iterator<Item = &'a String>) {
    let claims: Vec<_> = statements.filter(|statement| statement.starts_with("SELECT first.id")).collect();
    assert_eq!(claims.len(), 1, "{claims:?}");
    let steps = plan(conn, claims[0]);
    for step in [
        "SEARCH queue USING INDEX outbox_queues_due (project_id=? AND lane=? AND due<?)",
        "SEARCH call USING COVERING INDEX outbox_queued (project_id=? AND chat_id=? AND lane=?)",
        "SEARCH earlier USING INDEX outbox_of_message (message_id=? AND rowid<?)",
    ] {
        let is_it = |found: &&String| found.replace(" COVERING", "") == step.replace(" COVERING", "");
        assert!(steps.iter().any(|found| is_it(&found)), "{step}: {steps:?}");
    }
    assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}");
}

/// Whoever refuses something drops a transaction: the next one has its connection, with
/// everything that is prepared there.
async fn abandon(store: &Store) {
    const STATEMENT: &str = "abandoned";
    let prepared = async || {
        let mut tx = store.begin().await.unwrap();
        tx.meta(STATEMENT).await.unwrap();
        tx.begin_part().await.unwrap();
        tx.set_meta(STATEMENT, "value").await.unwrap();
        drop(tx);
        // The rollback takes its moment.
        tokio::time::sleep(Duration::from_millis(100)).await;
        uses().values().map(|uses| uses.kept).sum::<usize>()
    };
    prepared().await;
    for _ in 0..3 {
        assert_eq!(prepared().await, 0, "the connection was thrown away");
    }
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.meta(STATEMENT).await.unwrap(), None);
    tx.insert_answered(AgentId(-1), "nobody's", &answered(), now(), now()).await.unwrap_err();
    drop(tx);
    tokio::time::sleep(Duration::from_millis(100)).await;
    uses();
    assert_eq!(prepared().await, 0, "a statement that failed is no reason either");
}

/// The lists that consoles show all the time are read from an index in their order, or sorted
/// only when they are short.
async fn check_inbox(conn: &mut SqliteConnection, store: &Store) {
    use SessionFilter::{All, Assigned, Assignee, Customer, LastMessageBefore, Number};
    const SORTED: &str = "USE TEMP B-TREE FOR ORDER BY";
    let open = || SessionFilter::Status(vec![Status::Unread, Status::Processing, Status::FollowUp]);
    let field = SessionOrderField::LastMessageAt;
    for (filter, field, index, is_sorted) in [
        (All(vec![]), field, "sessions_inbox (project_id=? AND last_message_at<?)", false),
        (LastMessageBefore(now()), field, "sessions_inbox (project_id=? AND last_message_at<?)", false),
        (open(), field, "sessions_inbox_open (project_id=? AND last_message_at<?)", false),
        (SessionFilter::Status(vec![Status::Unread]), field, "sessions_inbox_open (", false),
        (SessionFilter::Status(vec![Status::Closed]), field, "sessions_inbox (", false),
        (Assignee(vec![AgentId(1)]), field, "sessions_inbox_by_assignee (project_id=? AND assignee_id=?", false),
        (All(vec![open(), Assignee(vec![AgentId(1)])]), field, "sessions_inbox_open_by_assignee (", false),
        (All(vec![open(), Assigned(false)]), field, "sessions_inbox_open_by_assignee (", false),
        (Customer(vec![CustomerId(1)]), field, "sessions_of_customer (", true),
        (Customer(vec![CustomerId(1), CustomerId(2)]), field, "sessions_of_customer (", true),
        (Number(vec![1, 2]), field, "sqlite_autoindex_sessions_1 (project_id=? AND number=?)", true),
        (All(vec![]), SessionOrderField::CreatedAt, "sessions_by_creation (project_id=? AND created_at<?)", false),
    ] {
        let order = SessionOrder { field, descending: true };
        let page = Page { after: Some(SessionKey { micros: 1, id: 1 }), before: None, size: 51, from_end: false };
        uses();
        store.read().await.unwrap().session_page(ProjectId(1), &filter, order, page).await.unwrap();
        let statements = uses();
        let (statement, _) = statements.iter().next().unwrap();
        let steps = plan(conn, statement);
        assert!(steps.iter().any(|step| step.contains(&format!("USING INDEX {index}"))), "{filter:?}: {steps:?}");
        assert_eq!(steps.iter().any(|step| step == SORTED), is_sorted, "{filter:?}: {steps:?}");
    }
}
