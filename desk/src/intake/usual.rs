//! The usual arrivals, worked off together.
//!
//! Nearly everything that arrives is what a known customer writes in a session that is open. Of those a whole batch
//! takes as many statements as one alone, which is what makes a desk keep up with a rush. Whatever is not so plain goes
//! its way one by one.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::event::{Cause, NewEvent};
use domain::message::Details;
use domain::rating::Score;
use domain::session::{Arrival, Pace, Rush, arrival};
use domain::ticket::UrgentRequest;
use domain::{
    Customer, CustomerId, CustomerKind, Direction, EventKind, Project, ProjectId, Session, SessionId, Time, UpdateRowId,
};
use store::Tx;

use super::message::new_message;
use crate::knowledge::{Guides, Question};
use crate::message::Incoming;
use crate::session::session_event;
use crate::sla::{self, Waiting};
use crate::trigger::{Heard, Known, hear_batch};
use crate::{Error, knowledge, todo};

/// A message that has arrived.
pub(super) struct Arrived<'a> {
    /// The update that it came with.
    pub(super) update: UpdateRowId,
    /// The project.
    pub(super) project: ProjectId,
    /// The message.
    pub(super) incoming: &'a Incoming,
}

/// A message that nothing speaks against so far.
struct Candidate<'a> {
    update: UpdateRowId,
    project: &'a Project,
    incoming: &'a Incoming,
}

/// Works off those that are usual, and answers with which updates they came. On an error nothing of it may be kept.
pub(super) async fn receive<'a>(
    tx: &mut Tx,
    (triggers, guides): (&Known, &Guides),
    projects: &'a HashMap<ProjectId, Project>,
    arrived: impl Iterator<Item = Arrived<'a>>,
    wall: Time,
) -> Result<HashSet<UpdateRowId>, Error> {
    let candidates = candidates(projects, arrived);
    // One alone takes as many statements on the common way, which knows every case.
    if candidates.len() < 2 {
        return Ok(HashSet::new());
    }
    let customers = customers(tx, &candidates).await?;
    let known: Vec<(CustomerId, Candidate<'_>)> =
        candidates.into_iter().filter_map(|one| Some((customer_of(&customers, &one)?.id, one))).collect();
    let ids: Vec<CustomerId> = known.iter().map(|(customer, _)| *customer).collect();
    let mut sessions: HashMap<CustomerId, Session> =
        tx.lock_open_sessions(&ids).await?.into_iter().map(|session| (session.customer_id, session)).collect();
    let taken_in = |(customer, candidate): (CustomerId, Candidate<'_>)| {
        let now = candidate.project.time(wall);
        let candidate = &candidate;
        let session = sessions.remove(&customer)?;
        let is_new_issue = session.resolution.is_some();
        let before = sla::Before::of(&session);
        let written = (before, before.written_at(candidate.incoming.sent_at, now));
        let session = taken_in(session, candidate, now, wall)?;
        Some((candidate.update, new_message(&session, candidate.incoming, None, now), (session, is_new_issue, written)))
    };
    let (mut updates, mut new, mut taken) = (Vec::new(), Vec::new(), Vec::new());
    for (update, message, session) in known.into_iter().filter_map(taken_in) {
        updates.push(update);
        new.push(message);
        taken.push(session);
    }
    if new.is_empty() {
        return Ok(HashSet::new());
    }
    let ids = tx.insert_arrivals(&new).await?;
    // What has no number now is there already, and changes nothing.
    let mut unresolved: BTreeMap<ProjectId, Vec<SessionId>> = BTreeMap::new();
    let mut changed = Vec::with_capacity(new.len());
    let mut heard = Vec::with_capacity(new.len());
    let mut all_written = Vec::with_capacity(new.len());
    for (((mut session, is_new_issue, written), message), id) in taken.into_iter().zip(&new).zip(ids) {
        let Some(message_id) = id else { continue };
        session.last_message_id = Some(message_id);
        if is_new_issue {
            unresolved.entry(session.project_id).or_default().push(session.id);
        }
        changed.push(session);
        heard.push(Heard { text: &message.text, message_id, is_new_issue });
        all_written.push(written);
    }
    if !changed.is_empty() {
        tx.note_arrivals(&changed).await?;
        let events: Vec<NewEvent> = changed.iter().flat_map(told).collect();
        tx.append_events(&events, wall).await?;
        for (project, sessions) in unresolved {
            let Some(project) = projects.get(&project) else { continue };
            todo::cancel_return_visits(tx, project, &sessions, wall).await?;
        }
        let waiting = changed.iter().zip(all_written).filter_map(|(session, (before, message_at))| {
            let project = projects.get(&session.project_id)?;
            Some(Waiting { project, session, before, message_at })
        });
        sla::sessions_wait(tx, &Vec::from_iter(waiting), wall).await?;
        hear_batch(tx, triggers, projects, changed.iter().zip(heard.iter().copied()), wall).await?;
        for (session, heard) in changed.iter().zip(heard) {
            let Some(project) = projects.get(&session.project_id) else { continue };
            let (session_id, customer_id) = (session.id, session.customer_id);
            knowledge::answer(tx, guides, project, Question { session_id, customer_id, text: heard.text }, wall)
                .await?;
        }
    }
    Ok(updates.into_iter().collect())
}

/// The messages that nothing speaks against so far, at most one of each customer.
fn candidates<'a>(
    projects: &'a HashMap<ProjectId, Project>,
    arrived: impl Iterator<Item = Arrived<'a>>,
) -> Vec<Candidate<'a>> {
    let mut seen = HashSet::new();
    let candidate = |Arrived { update, project, incoming }: Arrived<'a>| {
        let is_first = seen.insert((project, incoming.customer.telegram_user_id));
        let project = projects.get(&project)?;
        (is_first && is_plain(incoming)).then_some(Candidate { update, project, incoming })
    };
    arrived.filter_map(candidate).collect()
}

fn is_plain(incoming: &Incoming) -> bool {
    incoming.direction == Direction::Inbound
        && incoming.customer.kind == CustomerKind::Person
        && incoming.number().is_some()
        && incoming.reply_to.is_none()
        && incoming.content.thread.is_main()
        && !incoming.text.starts_with('/')
        // The desk answers it.
        && UrgentRequest::parse(&incoming.text).is_none()
        // It may be an answer to a question of the desk.
        && Score::read(&incoming.text).is_none()
        // The desk keeps account of polls.
        && !matches!(incoming.content.details, Some(Details::Poll(_)))
}

async fn customers(
    tx: &mut Tx,
    candidates: &[Candidate<'_>],
) -> Result<HashMap<(ProjectId, i64), Customer>, store::Error> {
    let projects: BTreeSet<_> = candidates.iter().map(|one| one.project.id).collect();
    let projects: Vec<_> = projects.into_iter().collect();
    let users: Vec<_> = candidates.iter().map(|one| one.incoming.customer.telegram_user_id).collect();
    let found = tx.customers_by_telegram_users(&projects, &users).await?;
    Ok(found.into_iter().map(|customer| ((customer.project_id, customer.telegram_user_id.0), customer)).collect())
}

/// The customer of a message, if nothing about them changes by it.
fn customer_of<'c>(
    customers: &'c HashMap<(ProjectId, i64), Customer>,
    candidate: &Candidate<'_>,
) -> Option<&'c Customer> {
    let incoming = candidate.incoming;
    let customer = customers.get(&(candidate.project.id, incoming.customer.telegram_user_id.0))?;
    let stays_as_it_is = incoming.customer.is_known_of(customer)
        && customer.chat_id == incoming.chat_id
        && customer.unreachable_since.is_none()
        && customer.banned_at.is_none();
    stays_as_it_is.then_some(customer)
}

/// The session with the message in it but for its number, if the session goes on, stays where it is, is not flooded
/// and needs nobody anew.
fn taken_in(mut session: Session, candidate: &Candidate<'_>, now: Time, wall: Time) -> Option<Session> {
    let (incoming, life) = (candidate.incoming, candidate.project.session_life);
    let Arrival::Continues(status) = arrival(Some(&session), life, now) else { return None };
    if session.chat_id != incoming.chat_id || session.thread != incoming.content.thread {
        return None;
    }
    // Nobody was to have it until now, and somebody is to be looked for.
    if session.assignee_id.is_none() && !session.needs_an_agent() {
        return None;
    }
    let written_at = incoming.sent_at.unwrap_or(wall);
    if session.pace.count(written_at, Pace::limit(incoming.customer.kind)) != Rush::Calm {
        return None;
    }
    session.hear(status, incoming.chat_id, &incoming.content.thread, now);
    session.version += 1;
    session.updated_at = now;
    Some(session)
}

/// What there is to tell of a session that has its new message.
fn told(session: &Session) -> [NewEvent; 2] {
    let updated = session_event(session, EventKind::SessionUpdated, Cause::CustomerMessage, session.updated_at);
    [NewEvent { kind: EventKind::MessageAdded, message_id: session.last_message_id, ..updated.clone() }, updated]
}
