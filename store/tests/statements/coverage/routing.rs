//! Routing, presence, typing and requests about many sessions.

use domain::filter::SessionKey;
use domain::routing::{self, Policy, Rule};
use domain::{AgentId, Priority, ProjectId, RoutingRuleId, Session, TeamId, Time};
use store::bulk_requests::BulkRequest;
use store::routing::{Awaiting, LetLie, LineEnd, NewRule};
use store::{Queries, Tx};

use crate::now;

pub async fn read_routing(queries: &mut Queries, project: ProjectId, session: &Session) {
    queries.routing_policy(project).await.unwrap();
    queries.routing_rules(project).await.unwrap();
    queries.routing_rules_by_id(&[1, 2]).await.unwrap();
    queries.members_of_project(project).await.unwrap();
    queries.team_members_of_project(project).await.unwrap();
    queries.routing_standings(project).await.unwrap();
    queries.loads(project).await.unwrap();
    let after = SessionKey { micros: i64::MIN, id: 0 };
    let awaiting = Awaiting { anybody: true, teams: vec![TeamId(1)] };
    queries.line(project, LineEnd { priority: Priority::High, after, limit: 5 }, &awaiting).await.unwrap();
    queries.is_anybody_in_line(project).await.unwrap();
    queries.untold_sessions(project, 5).await.unwrap();
    queries.unqueued_sessions(project, 5).await.unwrap();
    queries.sessions_of_ruled_teams(project, &[TeamId(1)], 5).await.unwrap();
    queries.ruled_team(session.id).await.unwrap();
    queries.places_in_line(project, &[1, 2], None).await.unwrap();
    queries.unanswered_sessions(project, now(), after, 5).await.unwrap();
    queries.next_unanswered(project, now()).await.unwrap();
    queries.let_lie(&[1, 2]).await.unwrap();
    queries.routing_decisions(&[1, 2]).await.unwrap();
    queries.preset_word_lists(project).await.unwrap();
    queries.preset_triggers(project).await.unwrap();
    queries.bulk_request(1).await.unwrap();
    let bulk = BulkRequest { id: 1, session_ids: Vec::new(), audit_mark: 1, results: None };
    queries.done_by_bulk_request(&bulk, AgentId(1), &[1, 2]).await.unwrap();
    queries.present(project, now()).await.unwrap();
    queries.present_anywhere(now()).await.unwrap();
    queries.typing_at(now()).await.unwrap();
    queries.is_call_waiting(project, session.chat_id, "sendChatAction").await.unwrap();
}

pub async fn write_routing(tx: &mut Tx, project: ProjectId, agent: AgentId, session: &Session) {
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
    let let_lie = LetLie { session_id: session.id, agent_id: agent, at: now(), wall_at: now() };
    tx.note_let_lie(&let_lie).await.unwrap();
    for is_told in [true, false] {
        assert_eq!(tx.note_queued(session.id, now(), now()).await.unwrap(), is_told, "once for each time");
    }
    let decision = routing::LastDecision {
        session_id: session.id,
        agent_id: Some(agent),
        reason: None,
        grounds: routing::Grounds {
            scope: routing::Scope::Team(TeamId(1)),
            scope_source: routing::Source::Rule(RoutingRuleId(1)),
            strategy: routing::Strategy::OnlineFirst,
            strategy_source: routing::Source::Default,
            tally: routing::Tally::default(),
        },
        at: now(),
    };
    tx.note_routing_decision(&decision).await.unwrap();
    let of_all = routing::Grounds {
        scope: routing::Scope::All,
        scope_source: routing::Source::Default,
        ..decision.grounds.clone()
    };
    tx.note_routing_decision(&routing::LastDecision { grounds: of_all, ..decision }).await.unwrap();
    assert_eq!(tx.ruled_team(session.id).await.unwrap(), Some(TeamId(1)));
    tx.forget_ruled_team(session.id).await.unwrap();
    assert_eq!(tx.ruled_team(session.id).await.unwrap(), None);
    let begun = tx.insert_bulk_request(agent, &[session.id], now()).await.unwrap();
    tx.finish_bulk_request(begun.id, "[]").await.unwrap();
    assert_eq!(tx.purge_bulk_requests(Time::UNIX_EPOCH).await.unwrap(), 0);
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
