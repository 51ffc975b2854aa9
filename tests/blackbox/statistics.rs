//! The numbers of a project agree with its event log, and are of whoever did it then.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, on_both_engines};

use crate::rating::QUESTION;
use crate::session_life::{HOUR, MINUTE, Updates, advance, in_future};
use crate::stage::{
    Desk, PATIENCE, customer_writes, event_cursor, id_of, mutate, reply, sandbox, until_session, until_settled,
};

const ADA: &str = "ada@desk.test";
const BOB: &str = "bob@desk.test";
const EVE: &str = "eve@desk.test";
const FIRST_LINE: &str = "First line";
const SECOND_LINE: &str = "Second line";

on_both_engines! {
    async fn the_numbers_are_those_of_the_event_log_and_of_who_did_it_then(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent(ADA, "Sandbox", "agent").await;
        let bob = desk.add_agent(BOB, "Sandbox", "agent").await;
        let eve = desk.add_agent(EVE, "Sandbox", "supervisor").await;
        let first_line = team(&desk.admin, &sandbox, FIRST_LINE, 1, &[&ada]).await;
        let second_line = team(&desk.admin, &sandbox, SECOND_LINE, 2, &[&bob, &eve]).await;
        let settings = json!({ "projectId": sandbox, "lowRatingAgentId": id_of(&eve).await });
        mutate(&desk.admin, "projectRatingUpdate", settings, "project { id }").await;
        let begun = event_cursor(&desk.admin, &sandbox).await;
        let from = in_future(&desk.admin, &sandbox, 0).await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let mut missed = Missed::after(&desk.admin, &sandbox, &begun).await;

        // Ada looks after one that is for no team, to the end.
        let usual = begin(&desk, &sandbox, 7).await;
        advance(&desk.admin, &sandbox, MINUTE).await;
        reply(&ada, &usual, "how can we help?").await;
        advance(&desk.admin, &sandbox, 10 * MINUTE).await;
        reply(&ada, &usual, "it works again").await;
        resolve(&ada, &usual).await;
        rate(&desk, &sandbox, &usual, 5, &mut events).await;

        // Another one waits in her team for too long, and is answered and resolved by the second line.
        let late = begin(&desk, &sandbox, 8).await;
        hand_over(&desk.admin, &late, &first_line).await;
        advance(&desk.admin, &sandbox, 6 * MINUTE).await;
        missed.until(&late, "FIRST_RESPONSE").await;
        escalate(&ada, &late, "OTHER").await;
        reply(&bob, &late, "sorry for the wait").await;
        resolve(&bob, &late).await;
        rate(&desk, &sandbox, &late, 4, &mut events).await;

        // Nobody ever answers the next one.
        let forgotten = begin(&desk, &sandbox, 9).await;
        hand_over(&desk.admin, &forgotten, &first_line).await;
        advance(&desk.admin, &sandbox, 6 * MINUTE).await;
        missed.until(&forgotten, "FIRST_RESPONSE").await;

        // Ada answers the last one in time and the second line does not. Its customer is so little satisfied that the
        // desk gives it to Eve.
        let hard = begin(&desk, &sandbox, 10).await;
        advance(&desk.admin, &sandbox, 2 * MINUTE).await;
        reply(&ada, &hard, "did you restart it?").await;
        advance(&desk.admin, &sandbox, 5 * MINUTE).await;
        escalate(&ada, &hard, "TECHNICAL_FAILURE").await;
        advance(&desk.admin, &sandbox, 20 * MINUTE).await;
        missed.until(&hard, "FIRST_RESPONSE").await;
        missed.until(&forgotten, "RESOLUTION").await;
        reply(&bob, &hard, "it is the router").await;
        advance(&desk.admin, &sandbox, 10 * MINUTE).await;
        resolve(&bob, &hard).await;
        rate(&desk, &sandbox, &hard, 2, &mut events).await;
        events.until(&hard, "ESCALATION").await;

        let to = in_future(&desk.admin, &sandbox, 0).await;
        advance(&desk.admin, &sandbox, MINUTE).await;
        let log = Log::read(&desk.admin, &sandbox, &begun).await;
        let range = json!({ "from": from, "to": to });
        let found = statistics(&desk.admin, &sandbox, &range).await;
        assert_eq!(found["total"], log.figures(|_| true));
        for (list, who, names) in [
            ("agents", "/agent/email", log.names(|whose| &whose.agent)),
            ("teams", "/team/name", log.names(|whose| &whose.team)),
        ] {
            let all = found[list].as_array().unwrap().iter();
            let named = all.map(|one| (one.pointer(who).unwrap().as_str().unwrap(), &one["figures"]));
            let listed: BTreeMap<&str, &Value> = named.collect();
            assert_eq!(listed.keys().copied().collect::<BTreeSet<_>>(), names, "{list}");
            for (name, figures) in listed {
                let is_theirs =
                    |whose: &Whose| whose.agent.as_deref() == Some(name) || whose.team.as_deref() == Some(name);
                assert_eq!(*figures, log.figures(is_theirs), "{name}");
            }
        }
        let agents = [(ADA, id_of(&ada).await), (BOB, id_of(&bob).await), (EVE, id_of(&eve).await)];
        let teams = [(FIRST_LINE, first_line), (SECOND_LINE, second_line)];
        each_alone_has_what_is_theirs(&desk.admin, &sandbox, &range, (&found, &log), (&agents, &teams)).await;
        assert_eq!(found["supervisors"], log.supervisors());
        assert_eq!(found["escalationReasons"], log.reasons());
        let rates = escalation_statistics(&desk.admin, &sandbox, &range).await;
        assert_eq!(rates["share"], log.share(|_| true, |_| true));
        assert_eq!((&rates["all"]["escalated"], &rates["quick"]), (&json!(3), &json!(2)));
        assert_eq!(rates["timeToResolution"], spread(log.times_after_escalation()));
        let mut by_agent: BTreeMap<Option<&str>, &Value> = BTreeMap::new();
        for one in rates["byAgent"].as_array().unwrap() {
            by_agent.insert(one["agent"]["email"].as_str(), one);
        }
        assert_eq!(Vec::from_iter(by_agent.keys().copied()), [None, Some(ADA), Some(BOB)]);
        for (agent, one) in &by_agent {
            let is_theirs = |whose: &Whose| agent.is_some() && whose.agent.as_deref() == *agent;
            assert_eq!(one["share"], log.share(is_theirs, is_theirs), "{agent:?}");
        }
        let escalated = |agent: Option<&str>| by_agent[&agent]["rate"]["escalated"].as_i64();
        assert_eq!((escalated(Some(ADA)), escalated(None)), (Some(2), Some(1)));

        // What the story is about: whose it was then, and not whose it is now.
        let of = |list: &str, who: &str, name: &str| {
            let mut all = found[list].as_array().unwrap().iter();
            all.find(|one| one.pointer(who).unwrap() == name).unwrap()["figures"].clone()
        };
        let [hers, first, second] = [
            of("agents", "/agent/email", ADA),
            of("teams", "/team/name", FIRST_LINE),
            of("teams", "/team/name", SECOND_LINE),
        ];
        assert_eq!((&hers["firstResponse"]["count"], &hers["handling"]["count"]), (&json!(2), &json!(1)));
        assert_eq!((&hers["escalations"], &first["escalations"]), (&json!(2), &json!(2)), "the desk's own is nobody's");
        let responses = json!({ "metric": "FIRST_RESPONSE", "met": 2, "missed": 2 });
        assert_eq!(first["compliance"][0], responses, "one was answered late by the second line, and one by nobody");
        assert_eq!(second["handling"]["count"], 2);

        // What started later is not in it, whatever it is asked about.
        assert_eq!(statistics(&desk.admin, &sandbox, &range).await, found);
        advance(&desk.admin, &sandbox, HOUR).await;
        assert_eq!(statistics(&desk.admin, &sandbox, &range).await, found);
        for (from, to) in [(&range["to"], &range["from"]), (&json!("2020-01-01T00:00:00Z"), &range["to"])] {
            let variables = json!({ "id": sandbox, "range": { "from": from, "to": to } });
            for field in [
                "statistics(projectId: $id, range: $range) { total { escalations } }",
                "escalationStatistics(projectId: $id, range: $range) { quick }",
                "slaSimulate(projectId: $id, policy: {}, range: $range) { clockCount }",
            ] {
                let document = format!("query Refused($id: ID!, $range: TimeRangeInput!) {{ {field} }}");
                let refused = desk.admin.try_query(&document, variables.clone()).await.unwrap();
                assert_eq!(refused.error_codes(), ["INVALID_ARGUMENT"], "{field}");
            }
        }
    }
}

/// The ids of agents or of teams, with their names.
type Named<'a> = &'a [(&'a str, Value)];

/// Asked for one agent or one team, the desk tells of that one what it tells of them among all others and nothing else,
/// and asked for one agent in one team, what the log does.
async fn each_alone_has_what_is_theirs(
    client: &Client,
    project: &str,
    range: &Value,
    (found, log): (&Value, &Log),
    (agents, teams): (Named<'_>, Named<'_>),
) {
    let nothing = log.figures(|_| false);
    for (list, who, argument, ids) in
        [("agents", "/agent/email", "agentId", agents), ("teams", "/team/name", "teamId", teams)]
    {
        for (name, id) in ids {
            let alone = statistics_of(client, project, range, json!({ argument: id })).await;
            let mut all = found[list].as_array().unwrap().iter();
            let listed = all.find(|one| one.pointer(who).unwrap() == name);
            let rows: Vec<&Value> = alone[list].as_array().unwrap().iter().collect();
            assert_eq!(rows, Vec::from_iter(listed), "{name}");
            let figures = listed.map_or(&nothing, |listed| &listed["figures"]);
            assert_eq!(alone["total"], *figures, "{name}");
            let counted = alone["escalationReasons"].as_array().unwrap().iter();
            let escalations: i64 = counted.map(|reason| reason["count"].as_i64().unwrap()).sum();
            assert_eq!(figures["escalations"], escalations, "{name}");
        }
    }
    for (agent, agent_id) in agents {
        let alone = statistics_of(client, project, range, json!({ "agentId": agent_id })).await;
        let all = found["supervisors"].as_array().unwrap().iter();
        let theirs: Vec<&Value> = all.filter(|one| one["supervisor"]["email"] == *agent).collect();
        assert_eq!(alone["supervisors"], json!(theirs), "{agent}");
        for (team, team_id) in teams {
            let both = json!({ "agentId": agent_id, "teamId": team_id });
            let alone = statistics_of(client, project, range, both).await;
            let is_theirs =
                |whose: &Whose| whose.agent.as_deref() == Some(*agent) && whose.team.as_deref() == Some(*team);
            assert_eq!(alone["total"], log.figures(is_theirs), "{agent} of {team}");
        }
    }
}

/// A team with these agents in it.
async fn team(client: &Client, project: &str, name: &str, line: i32, members: &[&Client]) -> Value {
    let input = json!({ "projectId": project, "name": name, "line": line });
    let team = mutate(client, "teamCreate", input, "team { id }").await["team"]["id"].take();
    for member in members {
        let input = json!({ "teamId": team, "agentId": id_of(member).await });
        mutate(client, "teamMemberAdd", input, "team { id }").await;
    }
    team
}

/// A customer begins a session.
async fn begin(desk: &Desk, sandbox: &str, customer: i64) -> String {
    customer_writes(&desk.admin, sandbox, customer, "hello").await;
    until_session(&desk.admin, sandbox, customer).await
}

async fn hand_over(client: &Client, session: &str, team: &Value) {
    let input = json!({ "sessionId": session, "toTeamId": team, "description": "for you" });
    mutate(client, "sessionTransfer", input, "session { id }").await;
}

async fn escalate(client: &Client, session: &str, reason: &str) {
    let input =
        json!({ "sessionId": session, "level": "L2", "reason": reason, "description": "at once", "quick": true });
    mutate(client, "ticketEscalate", input, "ticket { id }").await;
}

async fn resolve(client: &Client, session: &str) {
    mutate(client, "sessionResolve", json!({ "sessionId": session }), "session { id }").await;
}

/// The customer is asked how satisfied they are, and says so.
async fn rate(desk: &Desk, sandbox: &str, session: &str, stars: i64, events: &mut Updates) {
    advance(&desk.admin, sandbox, MINUTE).await;
    let question = until_settled(&desk.admin, session, QUESTION).await["id"].take();
    let input = json!({ "messageId": question, "label": format!("{stars} ⭐") });
    mutate(&desk.admin, "sandboxButtonPress", input, "").await;
    events.until(session, "RATED").await;
}

/// The promises of which it was told that they are late.
struct Missed {
    events: Subscription,
    told: BTreeSet<(String, String)>,
}

impl Missed {
    async fn after(client: &Client, project: &str, cursor: &str) -> Self {
        let events = client.subscribe(SLA_EVENTS, json!({ "projectId": project, "after": cursor })).await;
        Self { events, told: BTreeSet::new() }
    }

    async fn until(&mut self, session: &str, metric: &str) {
        let wanted = (session.to_owned(), metric.to_owned());
        while !self.told.contains(&wanted) {
            let event = self.events.next_within(PATIENCE).await["slaEvents"].take();
            if event["cause"] == "SLA_BREACH" {
                let [session, metric] = [&event["session"]["id"], &event["clock"]["metric"]];
                self.told.insert((text(session).unwrap(), text(metric).unwrap()));
            }
        }
    }
}

type Time = DateTime<Utc>;

fn time(value: &Value) -> Time {
    value.as_str().unwrap().parse().unwrap()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// Whose something is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Whose {
    agent: Option<String>,
    team: Option<String>,
}

/// What the event log tells of a session.
#[derive(Default)]
struct Story {
    begun: Option<Time>,
    answered: Option<Time>,
    /// When it was resolved or, without that, closed.
    ended: Option<Time>,
    escalated: usize,
    /// Who had it from when on: who answered, and whoever it was handed to.
    hands: Vec<(Time, Option<String>)>,
    /// What is known of it now.
    ledger: Value,
}

impl Story {
    fn take_in(&mut self, event: &Value) {
        let at = time(&event["occurredAt"]);
        match (event["__typename"].as_str().unwrap(), event["cause"].as_str().unwrap()) {
            ("SessionOpened", _) => self.begun = Some(at),
            ("MessageAdded", "AGENT_REPLY") => {
                self.answered.get_or_insert(at);
                self.hands.push((at, text(&event["message"]["author"]["email"])));
            }
            ("SessionUpdated", "RESOLVED" | "AGENT_CLOSE" | "NO_RESPONSE") => self.ended = Some(at),
            ("SessionUpdated", "ESCALATION") => self.escalated += 1,
            _ => {}
        }
    }

    fn nodes(&self, list: &str) -> &[Value] {
        self.ledger[list]["nodes"].as_array().unwrap()
    }

    /// Whose it was right after a moment, or right before it.
    fn whose(&self, at: Time, is_before: bool) -> Whose {
        let has_come = |when: Time| if is_before { when < at } else { when <= at };
        let transfers = self.nodes("transfers").iter();
        let handed = transfers.clone().map(|moved| (time(&moved["at"]), text(&moved["toAgent"]["email"])));
        let mut hands: Vec<_> = self.hands.iter().cloned().chain(handed).filter(|(when, _)| has_come(*when)).collect();
        hands.sort();
        let agent = hands.pop().and_then(|(_, agent)| agent);
        let next = transfers.clone().find(|moved| !has_come(time(&moved["at"])));
        let team = text(next.map_or(&self.ledger["team"]["name"], |moved| &moved["fromTeam"]["name"]));
        Whose { team: team.or_else(|| only_team(agent.as_deref())), agent }
    }

    fn answered(&self) -> Option<(Whose, Duration)> {
        Some((self.whose(self.answered?, false), self.answered? - self.begun?))
    }

    fn handled(&self) -> Option<(Whose, Duration)> {
        Some((self.whose(self.ended?, false), self.ended? - self.begun?))
    }

    /// The escalations of its tickets.
    fn escalations(&self) -> impl Iterator<Item = &Value> {
        self.nodes("tickets").iter().flat_map(|ticket| ticket["escalations"]["nodes"].as_array().unwrap())
    }

    /// Who escalated it: an agent, for the team that it was for then, or the desk itself.
    fn escalated_by(&self) -> impl Iterator<Item = Whose> {
        self.escalations().map(move |escalation| match text(&escalation["by"]["email"]) {
            Some(agent) => {
                let team = self.whose(time(&escalation["at"]), true).team.or_else(|| only_team(Some(&agent)));
                Whose { agent: Some(agent), team }
            }
            None => Whose::default(),
        })
    }
}

/// The team of an agent, each of whom is in one.
fn only_team(agent: Option<&str>) -> Option<String> {
    match agent {
        Some(ADA) => Some(FIRST_LINE.to_owned()),
        Some(BOB | EVE) => Some(SECOND_LINE.to_owned()),
        _ => None,
    }
}

/// What became of a promise.
struct Promise {
    metric: String,
    is_met: bool,
    whose: Whose,
}

/// What happened in a project.
struct Log {
    stories: BTreeMap<String, Story>,
    promises: Vec<Promise>,
}

impl Log {
    /// Reads the log of a project after a cursor, up to what has happened by now.
    async fn read(client: &Client, project: &str, after: &str) -> Self {
        // Something of each kind that comes after all that is to be read.
        customer_writes(client, project, 99, "the end").await;
        let last = until_session(client, project, 99).await;
        reply(client, &last, "so it is").await;
        let variables = json!({ "projectId": project, "after": after });
        let mut events = client.subscribe(EVENTS, variables.clone()).await;
        let mut stories: BTreeMap<String, Story> = BTreeMap::new();
        loop {
            let event = events.next_within(PATIENCE).await["sessionEvents"].take();
            let id = text(&event["session"]["id"]).unwrap();
            if id == last {
                break;
            }
            stories.entry(id).or_default().take_in(&event);
        }
        for (id, story) in &mut stories {
            story.ledger = client.query(LEDGER, json!({ "id": id })).await["session"].take();
            assert_eq!(story.escalated, story.escalations().count());
        }
        let mut events = client.subscribe(SLA_EVENTS, variables).await;
        let mut clocks: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        loop {
            let event = events.next_within(PATIENCE).await["slaEvents"].take();
            if event["session"]["id"] == *last {
                break;
            }
            clocks.entry(text(&event["clock"]["id"]).unwrap()).or_default().push(event);
        }
        let promises = clocks.values().filter_map(|events| promise(&stories, events)).collect();
        Self { stories, promises }
    }

    /// Those of whom there is a number.
    fn names(&self, of: impl Fn(&Whose) -> &Option<String>) -> BTreeSet<&str> {
        let all = self.everything();
        let names: BTreeSet<String> = all.iter().filter_map(|whose| of(whose).clone()).collect();
        [ADA, BOB, EVE, FIRST_LINE, SECOND_LINE].into_iter().filter(|name| names.contains(*name)).collect()
    }

    fn everything(&self) -> Vec<Whose> {
        let of_story = |story: &Story| {
            let done = [story.answered(), story.handled()].into_iter().flatten().map(|(whose, _)| whose);
            let rated = rating(story).map(|(whose, _)| whose);
            done.chain(story.escalated_by()).chain(rated).collect::<Vec<_>>()
        };
        let promised = self.promises.iter().map(|promise| promise.whose.clone());
        self.stories.values().flat_map(of_story).chain(promised).collect()
    }

    /// The numbers of those that are chosen.
    fn figures(&self, is_chosen: impl Fn(&Whose) -> bool) -> Value {
        let chosen = |(whose, time): (Whose, Duration)| is_chosen(&whose).then_some(time);
        let stories = || self.stories.values();
        let mut scores = [0_i64; 5];
        for (_, score) in stories().filter_map(rating).filter(|(whose, _)| is_chosen(whose)) {
            scores[usize::try_from(score - 1).unwrap()] += 1;
        }
        let mut compliance: BTreeMap<&str, [i64; 2]> = BTreeMap::new();
        for promise in self.promises.iter().filter(|promise| is_chosen(&promise.whose)) {
            compliance.entry(&promise.metric).or_default()[usize::from(!promise.is_met)] += 1;
        }
        let kept =
            |(metric, [met, missed]): (&str, [i64; 2])| json!({ "metric": metric, "met": met, "missed": missed });
        json!({
            "firstResponse": spread(stories().filter_map(Story::answered).filter_map(chosen).collect()),
            "handling": spread(stories().filter_map(Story::handled).filter_map(chosen).collect()),
            "ratings": ratings(scores),
            "escalations": stories().flat_map(Story::escalated_by).filter(&is_chosen).count(),
            "compliance": compliance.into_iter().map(kept).collect::<Vec<_>>(),
        })
    }

    fn supervisors(&self) -> Value {
        let mut scores = [0_i64; 5];
        for story in self.stories.values() {
            let credited = story.ledger["rating"]["creditedTo"]["supervisors"].as_array();
            if credited.is_some_and(|credited| credited.iter().any(|one| one["email"] == EVE)) {
                let (_, score) = rating(story).unwrap();
                scores[usize::try_from(score - 1).unwrap()] += 1;
            }
        }
        json!([{ "supervisor": { "email": EVE }, "ratings": ratings(scores) }])
    }

    /// Each was one reason, in the order in which reasons are told that are as frequent.
    fn reasons(&self) -> Value {
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        for escalation in self.stories.values().flat_map(Story::escalations) {
            *counts.entry(text(&escalation["reason"]).unwrap()).or_default() += 1;
        }
        assert!(counts.values().all(|count| *count == 1), "{counts:?}");
        let told = ["TECHNICAL_FAILURE", "LOW_RATING", "OTHER"]
            .map(|reason| json!({ "reason": reason, "count": counts[reason] }));
        json!(told)
    }

    /// How many sessions those worked on that are chosen, and how many of these were escalated by them.
    fn share(&self, worked: impl Fn(&Whose) -> bool, escalated: impl Fn(&Whose) -> bool) -> Value {
        let is_escalated = |story: &&Story| story.escalated_by().any(|whose| escalated(&whose));
        let is_theirs = |story: &&Story| {
            let done = [story.answered(), story.handled()].into_iter().flatten();
            done.map(|(whose, _)| whose).chain([Whose::default()]).any(|whose| worked(&whose)) || is_escalated(story)
        };
        let sessions = self.stories.values().filter(is_theirs).count();
        let escalated = self.stories.values().filter(is_escalated).count();
        let rate = (sessions > 0).then(|| escalated as f64 / sessions as f64);
        json!({
            "sessions": sessions, "escalated": escalated, "escalationRate": rate,
            "trainingNeeded": escalated * 5 > sessions,
        })
    }

    fn times_after_escalation(&self) -> Vec<Duration> {
        let tickets = self.stories.values().flat_map(|story| story.nodes("tickets"));
        let time_of = |ticket: &Value| {
            let resolved: Time = ticket["resolvedAt"].as_str()?.parse().unwrap();
            let escalations = ticket["escalations"]["nodes"].as_array().unwrap().iter();
            Some(resolved - escalations.map(|escalation| time(&escalation["at"])).min()?)
        };
        tickets.filter_map(time_of).collect()
    }
}

/// What became of a promise by what happened to its clock: it is missed once that is told, and met if it ends before. Whose
/// it is stands fast from then on.
fn promise(stories: &BTreeMap<String, Story>, events: &[Value]) -> Option<Promise> {
    let last = events.last()?;
    let missed = events.iter().find(|event| event["cause"] == "SLA_BREACH");
    let (event, is_met) = match (missed, last["clock"]["state"].as_str().unwrap()) {
        (_, "CANCELLED") => return None,
        (Some(missed), _) => (missed, false),
        (None, "ACHIEVED") => (last, true),
        (None, "BREACHED") => (last, false),
        (None, _) => return None,
    };
    let story = &stories[event["session"]["id"].as_str().unwrap()];
    Some(Promise {
        metric: text(&event["clock"]["metric"]).unwrap(),
        is_met,
        whose: story.whose(time(&event["occurredAt"]), false),
    })
}

/// Who is credited with how many stars.
fn rating(story: &Story) -> Option<(Whose, i64)> {
    let rating = &story.ledger["rating"];
    let credit = &rating["creditedTo"];
    let whose = Whose { agent: text(&credit["agent"]["email"]), team: text(&credit["team"]["name"]) };
    Some((whose, rating["score"].as_i64()?))
}

fn ratings(scores: [i64; 5]) -> Value {
    let count: i64 = scores.iter().sum();
    let stars: i64 = scores.iter().zip(1_i64..).map(|(count, stars)| count * stars).sum();
    json!({ "count": count, "mean": (count > 0).then(|| stars as f64 / count as f64), "distribution": scores })
}

fn spread(mut times: Vec<Duration>) -> Value {
    times.sort_unstable();
    let rank = |hundredths: usize| {
        let place = (times.len() * hundredths).div_ceil(100).checked_sub(1)?;
        Some(times[place].num_seconds())
    };
    json!({ "count": times.len(), "medianSeconds": rank(50), "p90Seconds": rank(90) })
}

async fn statistics(client: &Client, project: &str, range: &Value) -> Value {
    statistics_of(client, project, range, json!({})).await
}

/// The numbers of an agent or of a team alone.
async fn statistics_of(client: &Client, project: &str, range: &Value, mut whose: Value) -> Value {
    whose["id"] = json!(project);
    whose["range"] = range.clone();
    client.query(STATISTICS, whose).await["statistics"].take()
}

async fn escalation_statistics(client: &Client, project: &str, range: &Value) -> Value {
    let document = "query Rates($id: ID!, $range: TimeRangeInput!) {
        escalationStatistics(projectId: $id, range: $range) {
            share { sessions escalated escalationRate trainingNeeded } all { escalated } quick
            timeToResolution { count medianSeconds p90Seconds }
            byAgent { agent { email } share { sessions escalated escalationRate trainingNeeded } rate { escalated } }
        }
    }";
    client.query(document, json!({ "id": project, "range": range })).await["escalationStatistics"].take()
}

const STATISTICS: &str = "query Statistics($id: ID!, $range: TimeRangeInput!, $agentId: ID, $teamId: ID) {
    statistics(projectId: $id, range: $range, agentId: $agentId, teamId: $teamId) {
        total { ...Figures }
        agents { agent { email } figures { ...Figures } }
        teams { team { name } figures { ...Figures } }
        supervisors { supervisor { email } ratings { count mean distribution } }
        escalationReasons { reason count }
    }
}
fragment Figures on StatisticsFigures {
    firstResponse { count medianSeconds p90Seconds } handling { count medianSeconds p90Seconds }
    ratings { count mean distribution } escalations compliance { metric met missed }
}";

const EVENTS: &str = "subscription Events($projectId: ID!, $after: String) {
    sessionEvents(projectId: $projectId, after: $after) {
        __typename
        ... on SessionOpened { cause occurredAt session { id } }
        ... on SessionUpdated { cause occurredAt session { id } }
        ... on MessageAdded { cause occurredAt session { id } message { author { email } } }
        ... on MessageUpdated { cause occurredAt session { id } }
    }
}";

const SLA_EVENTS: &str = "subscription Promises($projectId: ID!, $after: String) {
    slaEvents(projectId: $projectId, after: $after) {
        ... on SlaClockUpdated { cause occurredAt session { id } clock { id metric state } }
    }
}";

const LEDGER: &str = "query Ledger($id: ID!) {
    session(id: $id) {
        team { name }
        rating { score creditedTo { agent { email } team { name } supervisors { email } } }
        transfers(first: 20) { nodes { at fromTeam { name } toAgent { email } } }
        tickets(first: 5) { nodes { resolvedAt escalations(first: 5) { nodes { at reason by { email } } } } }
    }
}";
