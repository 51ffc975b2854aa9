//! Clocks of service levels as the desk keeps them. Their rows are written by many ways, some of which read no history:
//! whatever happens, each of them stands as its history says.

use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;
use desk::Rejected;
use desk::job::JobRunner;
use desk::message::NewReply;
use desk::open::Sharing;
use desk::session::{NewFollowUp, NewStatus};
use desk::sla::{NewSlaCalendar, SlaSweeper};
use desk::team::NewTeam;
use desk::ticket::{EscalationSubject, NewEscalation, NewTicket, TicketUpdate};
use domain::escalation::{EscalationReason, PacketInput};
use domain::session::Awaited;
use domain::sla::{
    ByPriority, ByType, CalendarChange, Change, Clock, Entry, Hours, HoursById, PolicyChange, State, TargetsChange,
    Timeline, WrittenTime,
};
use domain::trigger::Level;
use domain::{
    CustomerId, Priority, ProjectId, SessionId, SlaCalendarId, SlaClockId, TagId, TicketId, TicketKind, TicketStatus,
    Time,
};
use store::Store;
use store::sla::Range;
use tests::{Engine, on_both_engines};
use tokio_util::sync::CancellationToken;

use crate::letters::{Letters, letter};
use crate::stage::{Stage, eventually};

/// What the dice of each play begin with.
const SEEDS: [u64; 2] = [0x2545_F491_4F6C_DD1D, 0x9E37_79B9_7F4A_7C15];
/// How often everything happens in a play.
const DEALS: usize = 4;
/// When each play begins: at a moment of its own, since by the calendars it is not the same whether it is by day or by night. A
/// Monday.
const BEGINS: &str = "2050-01-03T08:00:00Z";
const CUSTOMERS: [i64; 3] = [7, 8, 9];
/// More than there are.
const MOST_CLOCKS: i64 = 10_000;

/// The clocks that are settled otherwise than at the moment from which on it was known whether the promise was kept.
const SETTLED_OTHERWISE: &str = "FROM sla_clocks WHERE settled_at IS DISTINCT FROM \
    CASE WHEN state IN ('ACHIEVED', 'BREACHED', 'BREACHING') THEN COALESCE(breached_at, ended_at) END";

/// Something that happens at a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    CustomerWrites,
    SeveralWrite,
    AgentReplies,
    SessionWaits,
    SessionGoesOn,
    SessionTagged,
    SessionResolved,
    SessionClosed,
    SessionReopened,
    TicketOpened,
    TicketEscalated,
    TicketChanged,
    TicketWaits,
    TicketResolved,
    PolicyChanged,
    CalendarChanged,
    TimePasses,
    Told,
    JobsDone,
}

/// What happens in one deal, in any order.
const CARDS: [Step; 28] = [
    Step::CustomerWrites,
    Step::CustomerWrites,
    Step::CustomerWrites,
    Step::SeveralWrite,
    Step::AgentReplies,
    Step::AgentReplies,
    Step::SessionWaits,
    Step::SessionGoesOn,
    Step::SessionTagged,
    Step::SessionResolved,
    Step::SessionClosed,
    Step::SessionClosed,
    Step::SessionReopened,
    Step::SessionReopened,
    Step::TicketOpened,
    Step::TicketEscalated,
    Step::TicketChanged,
    Step::TicketWaits,
    Step::TicketResolved,
    Step::PolicyChanged,
    Step::CalendarChanged,
    Step::TimePasses,
    Step::TimePasses,
    Step::TimePasses,
    Step::Told,
    Step::Told,
    Step::JobsDone,
    Step::JobsDone,
];

/// Dice that fall the same way each time.
struct Dice(u64);

impl Dice {
    /// A number below another one.
    fn below(&mut self, faces: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % faces
    }

    fn is_head(&mut self) -> bool {
        self.below(2) == 0
    }

    /// One of several, if there are any.
    fn pick<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        of.get(self.below(of.len().max(1))).copied()
    }

    /// One of several, of which there is one at least.
    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        self.pick(of).unwrap()
    }

    fn shuffle<T>(&mut self, cards: &mut [T]) {
        for place in (1..cards.len()).rev() {
            cards.swap(place, self.below(place + 1));
        }
    }

    fn targets(&mut self) -> TargetsChange {
        let mut minutes = || Some(TimeDelta::minutes(self.one_of(&[0, 1, 5, 30, 240])));
        TargetsChange { first_response: minutes(), next_response: minutes(), resolution: minutes() }
    }

    /// Hours of one kind or another, in which a day is a holiday at times.
    fn hours(&mut self, day: Time) -> Hours {
        let zone = self.one_of(&["UTC", "Europe/Berlin", "Asia/Kolkata"]);
        let kinds = [(7, "00:00", "24:00"), (7, "00:00", "12:00"), (5, "09:00", "17:00")];
        let (days, opens, closes) = self.one_of(&kinds);
        let times: Vec<WrittenTime<'_>> = (0..days).map(|weekday| WrittenTime { weekday, opens, closes }).collect();
        let holidays = if self.is_head() { vec![day.date_naive().to_string()] } else { Vec::new() };
        Hours::parse(zone, &times, &holidays).unwrap()
    }
}

/// A desk at which anything may happen.
struct Turmoil {
    /// What the desk keeps, read past it.
    store: Store,
    stage: Stage,
    project: ProjectId,
    calendar: SlaCalendarId,
    complaint: TagId,
    dice: Dice,
    /// How many letters have been written.
    letters: i64,
}

impl Turmoil {
    async fn new(engine: Engine, seed: u64) -> Self {
        let stage = Stage::new(engine).await;
        let begins: Time = BEGINS.parse().unwrap();
        stage.clock.advance(begins - stage.desk.now());
        let project = stage.project().await;
        let (store, _) = Store::open(stage.database.url(), Sharing::Shared).await.unwrap();
        let mut dice = Dice(seed);
        let team = NewTeam { project_id: project, name: "Second line".to_owned(), line: 2, idempotency_key: None };
        stage.desk.team_create(&stage.actor, &team).await.unwrap();
        let hours = dice.hours(stage.desk.now());
        let office = NewSlaCalendar { project_id: project, name: "Office".to_owned(), hours, idempotency_key: None };
        let calendar = stage.desk.sla_calendar_create(&stage.actor, &office).await.unwrap().id;
        let tags = stage.desk.tags(&stage.actor, project, false).await.unwrap();
        let complaint = tags.iter().find(|tag| tag.is_complaint()).unwrap().id;
        Self { store, stage, project, calendar, complaint, dice, letters: 0 }
    }

    /// Has something happen, and answers whether it did: the desk may refuse it, or there may be nothing to do it to.
    async fn happens(&mut self, step: Step) -> bool {
        match step {
            Step::CustomerWrites => {
                let customer = self.dice.one_of(&CUSTOMERS);
                self.customers_write(&[customer]).await
            }
            Step::SeveralWrite => self.customers_write(&CUSTOMERS).await,
            Step::SessionReopened => self.session_reopens().await,
            Step::TicketChanged | Step::TicketWaits | Step::TicketResolved => self.ticket_changes(step).await,
            Step::PolicyChanged => self.policy_changes().await,
            Step::CalendarChanged => self.calendar_changes().await,
            Step::TimePasses => self.time_passes().await,
            Step::Told => {
                if let Some(left) = self.until_next().await.filter(|_| self.dice.is_head()) {
                    self.stage.clock.advance(left);
                }
                self.is_told().await
            }
            Step::JobsDone => self.jobs_are_done().await,
            _ => self.session_changes(step).await,
        }
    }

    /// One customer writes, or several at once.
    async fn customers_write(&mut self, customers: &[i64]) -> bool {
        let mut letters = Vec::new();
        for customer in customers {
            self.letters += 1;
            let text = self.dice.one_of(&["Hello", "Is anybody there?", "urgent"]);
            letters.push(letter(self.letters, *customer, text));
        }
        self.stage.desk.store_updates(self.project, letters).await.unwrap();
        self.stage.work_off(&Letters).await;
        assert_eq!(self.stage.count("FROM messages WHERE direction = 'INBOUND'").await, self.letters);
        true
    }

    /// Somebody does something in a session that is open.
    async fn session_changes(&mut self, step: Step) -> bool {
        let sessions = self.stage.sessions(self.project).await;
        let open: Vec<SessionId> = sessions.iter().filter(|one| one.is_open()).map(|one| one.id).collect();
        let Some(session) = self.dice.pick(&open) else { return false };
        let now = self.now().await;
        let Self { stage, dice, complaint, .. } = self;
        let (desk, actor) = (&stage.desk, &stage.actor);
        match step {
            Step::AgentReplies => is_done(desk.message_send(actor, &NewReply::text(session, "Good day")).await),
            Step::SessionWaits => {
                let awaited = dice.one_of(&[Awaited::Customer, Awaited::Customer, Awaited::ThirdParty]);
                let until = dice.is_head().then_some(now + TimeDelta::hours(1));
                let status = NewStatus::FollowUp(NewFollowUp { awaited, until, note: String::new() });
                is_done(desk.session_status_update(actor, session, &status, None).await)
            }
            Step::SessionGoesOn => {
                is_done(desk.session_status_update(actor, session, &NewStatus::Processing, None).await)
            }
            Step::SessionTagged if dice.is_head() => {
                is_done(desk.session_tags_remove(actor, session, &[*complaint]).await)
            }
            Step::SessionTagged => is_done(desk.session_tags_add(actor, session, &[*complaint]).await),
            Step::SessionResolved => is_done(desk.session_resolve(actor, session, "", None).await),
            Step::SessionClosed => is_done(desk.session_close(actor, session, None).await),
            Step::TicketOpened => {
                let new = NewTicket {
                    session_id: session,
                    kind: dice.one_of(TicketKind::ALL),
                    line: 1,
                    priority: Some(dice.one_of(Priority::ALL)),
                    team_id: None,
                    assignee_id: None,
                    description: "Look into it".to_owned(),
                    message_ids: Vec::new(),
                    idempotency_key: None,
                };
                is_done(desk.ticket_create(actor, &new).await)
            }
            Step::TicketEscalated => {
                let new = NewEscalation {
                    subject: EscalationSubject::Session(session),
                    level: dice.one_of(&[Level::Second, Level::Second, Level::Third]),
                    team_id: None,
                    reason: EscalationReason::Other,
                    description: "Nothing works".to_owned(),
                    packet: PacketInput::default(),
                    priority: Some(dice.one_of(Priority::ALL)),
                    firing_id: None,
                    quick: true,
                    idempotency_key: None,
                };
                is_done(desk.ticket_escalate(actor, &new).await)
            }
            _ => panic!("{step:?} happens in no session"),
        }
    }

    /// Somebody opens a session again whose customer has no other one that is open.
    async fn session_reopens(&mut self) -> bool {
        let sessions = self.stage.sessions(self.project).await;
        let open: BTreeSet<CustomerId> =
            sessions.iter().filter(|one| one.is_open()).map(|one| one.customer_id).collect();
        let over: Vec<SessionId> =
            sessions.iter().filter(|one| !open.contains(&one.customer_id)).map(|one| one.id).collect();
        let Some(session) = self.dice.pick(&over) else { return false };
        is_done(self.stage.desk.session_reopen(&self.stage.actor, session, None).await)
    }

    /// Somebody changes or resolves a ticket. One that is resolved goes on by that.
    async fn ticket_changes(&mut self, step: Step) -> bool {
        let sessions = self.stage.sessions(self.project).await;
        let sessions: Vec<i64> = sessions.iter().map(|session| session.id.0).collect();
        let tickets = self.store.read().await.unwrap().tickets_of_sessions(&sessions).await.unwrap();
        let wanted = tickets.iter().filter(|ticket| step == Step::TicketChanged || ticket.is_open());
        let wanted: Vec<TicketId> = wanted.map(|ticket| ticket.id).collect();
        let Some(ticket) = self.dice.pick(&wanted) else { return false };
        let (desk, actor) = (&self.stage.desk, &self.stage.actor);
        if step == Step::TicketResolved {
            return is_done(desk.ticket_resolve(actor, ticket, "It works again", None).await);
        }
        let mut update = TicketUpdate { status: Some(TicketStatus::Waiting), ..TicketUpdate::default() };
        if step == Step::TicketChanged {
            let status = self.dice.one_of(&[TicketStatus::Open, TicketStatus::InProgress, TicketStatus::OnHold]);
            update.status = Some(status);
            update.kind = Some(self.dice.one_of(TicketKind::ALL));
            update.priority = Some(self.dice.one_of(Priority::ALL));
        }
        is_done(desk.ticket_update(actor, ticket, &update).await)
    }

    async fn policy_changes(&mut self) -> bool {
        let dice = &mut self.dice;
        let types = ByType { standard: dice.targets(), escalated: dice.targets(), complaint: TargetsChange::default() };
        let priorities = ByPriority { urgent: dice.targets(), medium: dice.targets(), ..ByPriority::default() };
        let change = PolicyChange {
            types,
            priorities,
            warning_percent: Some(dice.one_of(&[1, 50, 80, 100])),
            pauses: Some(dice.below(3) > 0),
            calendar_id: Some(dice.one_of(&[None, Some(self.calendar)])),
            ..PolicyChange::default()
        };
        is_done(self.stage.desk.sla_policy_update(&self.stage.actor, self.project, &change, None).await)
    }

    /// The calendar, by which the policy may go or not, says something else.
    async fn calendar_changes(&mut self) -> bool {
        let tomorrow = self.now().await + TimeDelta::days(1);
        let change = CalendarChange { hours: Some(self.dice.hours(tomorrow)), ..CalendarChange::default() };
        is_done(self.stage.desk.sla_calendar_update(&self.stage.actor, self.calendar, &change).await)
    }

    /// The clock of the machine or of the project goes on, often until something is to be told.
    async fn time_passes(&mut self) -> bool {
        let by = match self.until_next().await {
            Some(left) if self.dice.below(3) > 0 => left,
            _ => TimeDelta::minutes(self.dice.one_of(&[1, 7, 45, 300])),
        };
        if self.dice.is_head() {
            self.stage.clock.advance(by);
            return true;
        }
        let seconds = by.num_seconds() + 1;
        is_done(self.stage.desk.sandbox_clock_advance(&self.stage.actor, self.project, seconds).await)
    }

    /// How long until something is to be told next, if that is still ahead.
    async fn until_next(&self) -> Option<TimeDelta> {
        let next = self.store.read().await.unwrap().next_sla_due().await.unwrap();
        let left = next.and_then(Time::from_timestamp_micros)? - self.stage.desk.now();
        (left > TimeDelta::zero()).then_some(left + TimeDelta::milliseconds(1))
    }

    /// The desk tells of what runs out, and passes over nothing of which something was to be told when it began.
    async fn is_told(&self) -> bool {
        let begun = self.now().await;
        let sweeper = SlaSweeper::new(self.stage.desk.clone());
        self.until_nothing_is_due("sla_clocks WHERE next_at", |stop| sweeper.run(stop)).await;
        for (clock, timeline) in self.clocks().await.0 {
            assert_eq!(clock.due_change(begun), None, "{clock:?} {timeline:?}");
        }
        true
    }

    /// What is due later is done: what was changed about the policy reaches the clocks, and what waited too long ends.
    async fn jobs_are_done(&self) -> bool {
        let runner = JobRunner::new(self.stage.desk.clone());
        self.until_nothing_is_due("jobs WHERE state = 'WAITING' AND due_at", |stop| runner.run(stop)).await;
        assert_eq!(self.stage.count("FROM jobs WHERE error IS NOT NULL").await, 0);
        true
    }

    /// Has something go on until no row of a table is due, whose column for that is the last word.
    async fn until_nothing_is_due<F>(&self, rows: &str, work: impl FnOnce(CancellationToken) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let stop = CancellationToken::new();
        let running = tokio::spawn(work(stop.clone()));
        eventually(async || {
            let now = self.stage.desk.now().timestamp_micros();
            (self.stage.count(&format!("FROM {rows} <= {now}")).await == 0).then_some(())
        })
        .await;
        stop.cancel();
        running.await.unwrap();
    }

    /// The time on the project's clock.
    async fn now(&self) -> Time {
        let project = self.store.read().await.unwrap().project(self.project).await.unwrap().unwrap();
        project.time(self.stage.desk.now())
    }

    /// Every clock as it is kept, with its history, and the hours of all of them.
    async fn clocks(&self) -> (Vec<(Clock, Timeline)>, HoursById) {
        let mut reader = self.store.read().await.unwrap();
        let (from, to) = (Time::UNIX_EPOCH, self.stage.desk.now() + TimeDelta::days(3650));
        let all = Range { project_id: self.project, from, to, limit: MOST_CLOCKS };
        let clocks = reader.sla_clocks_started(all).await.unwrap();
        assert_eq!(self.stage.count("FROM sla_clocks").await, i64::try_from(clocks.len()).unwrap());
        let ids: Vec<i64> = clocks.iter().map(|clock| clock.id.0).collect();
        let mut histories: HashMap<SlaClockId, Vec<Entry>> = HashMap::new();
        for (clock, entry) in reader.sla_histories(&ids).await.unwrap() {
            histories.entry(clock).or_default().push(entry);
        }
        let mut hours = BTreeSet::new();
        let mut told = Vec::with_capacity(clocks.len());
        for clock in clocks {
            let entries = histories.remove(&clock.id).unwrap_or_default();
            let terms = entries.iter().filter_map(|entry| entry.change.terms()).chain([clock.terms]);
            hours.extend(terms.filter_map(|terms| Some(terms.hours_id?.0)));
            let timeline = Timeline { started_at: clock.started_at, terms: clock.terms, entries };
            told.push((clock, timeline));
        }
        let hours = reader.sla_hours(&Vec::from_iter(hours)).await.unwrap();
        (told, HoursById::from_iter(hours))
    }
}

/// Whether the desk did what it was asked for. It may refuse that, but it must not fail.
fn is_done<T, R>(outcome: Result<T, Rejected<R>>) -> bool {
    match outcome {
        Ok(_) => true,
        Err(Rejected::Refused(_)) => false,
        Err(Rejected::Failed(error)) => panic!("it failed: {error:?}"),
    }
}

/// A clock with everything that follows from its history as that alone says: how it stood after its last change.
fn as_told(clock: &Clock, timeline: &Timeline, hours: &HoursById) -> Clock {
    let standing = timeline.standing(timeline.changed_at(), hours);
    // That those concerned were warned changes nothing: the moment of the warning is the one that there was before.
    let warn_at = match timeline.entries.split_last() {
        Some((Entry { change: Change::Warned, .. }, before)) => {
            let before = Timeline { entries: before.to_vec(), ..timeline.clone() };
            before.standing(before.changed_at(), hours).warn_at
        }
        _ => standing.warn_at,
    };
    let last =
        |change: Change| timeline.entries.iter().rev().find(|entry| entry.change == change).map(|entry| entry.at);
    Clock {
        state: standing.state,
        due_at: standing.due_at,
        warn_at,
        paused_at: standing.paused_at,
        ended_at: standing.ended_at,
        warned_at: last(Change::Warned).filter(|_| !has_time_again(timeline, hours)),
        breached_at: last(Change::Breached),
        changes: i64::try_from(timeline.entries.len()).unwrap(),
        ..clock.clone()
    }
}

/// Whether the time was no longer about to run out at some change behind the last warning.
fn has_time_again(timeline: &Timeline, hours: &HoursById) -> bool {
    let is_warning = |entry: &Entry| entry.change == Change::Warned;
    let warned = timeline.entries.iter().rposition(is_warning).unwrap_or_default();
    (warned + 1..timeline.entries.len()).any(|last| {
        let until_then = Timeline { entries: timeline.entries[..=last].to_vec(), ..timeline.clone() };
        until_then.state(until_then.changed_at(), hours) == State::Pending
    })
}

on_both_engines! {
    async fn whatever_happens_each_clock_stands_as_its_history_says(engine: Engine) {
        let (mut happened, mut states, mut changes) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for seed in SEEDS {
            let mut turmoil = Turmoil::new(engine, seed).await;
            for deal in 0..DEALS {
                let mut cards = CARDS;
                turmoil.dice.shuffle(&mut cards);
                for step in cards {
                    if Box::pin(turmoil.happens(step)).await {
                        happened.insert(step);
                    }
                    let place = format!("seed {seed:#x}, deal {deal}, {step:?}");
                    let (clocks, hours) = turmoil.clocks().await;
                    for (clock, timeline) in clocks {
                        let told = as_told(&clock, &timeline, &hours);
                        assert_eq!(clock, told, "{place}: kept is not what is told by {timeline:?}");
                        states.insert(clock.state);
                        changes.extend(timeline.entries.iter().map(|entry| entry.change.name()));
                    }
                    assert_eq!(turmoil.stage.count(SETTLED_OTHERWISE).await, 0, "{place}");
                }
            }
        }
        // Nothing of all that was left out.
        assert_eq!(happened, BTreeSet::from(CARDS));
        assert_eq!(states, BTreeSet::from_iter(State::ALL.iter().copied()));
        let all = ["BREACHED", "CANCELLED", "PAUSED", "POLICY_CHANGED", "RESUMED", "SATISFIED", "WARNED"];
        assert_eq!(changes, BTreeSet::from(all));
    }
}
