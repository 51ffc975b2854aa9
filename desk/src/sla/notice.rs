//! Telling the staff of promises whose time runs out.
//!
//! What is told of at once to one chat is one message with a line for each. The lines go along with the call, so that
//! right before it is made it is worked out again what of it is still so, how that is put, and who has the matter now.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::sla::{Alert, Clock, NoticeLine, Policy};
use domain::ticket::Ticket;
use domain::{AgentId, ChatId, Priority, Project, ProjectId, Session, SessionId, SlaClockId, TeamId, TicketId, Time};
use serde_json::{Map, Value, json};
use store::Tx;
use store::outbox::{Lane, NewCall, QueuedCall};

use super::promises::Promises;
use crate::Error;
use crate::outbox::Recheck;
use crate::staff::{Chats, note_unheard};

/// The key under which a call has the lines of which its text is made.
const LINES: &str = "desk_sla_lines";
/// How many lines one message has at most.
const LINES_OF_MESSAGE: usize = 20;

/// A clock of which something is told.
pub(super) struct Told {
    pub(super) clock: Clock,
    pub(super) alert: Alert,
}

/// Has those concerned told, in the chats that are linked to them.
pub(super) async fn tell(
    tx: &mut Tx,
    projects: &HashMap<ProjectId, Project>,
    told: &[Told],
    wall: Time,
) -> Result<(), store::Error> {
    if told.is_empty() {
        return Ok(());
    }
    let ids: BTreeSet<ProjectId> = told.iter().map(|told| told.clock.project_id).collect();
    let promises = Promises::of(tx, ids.iter().copied()).await?;
    let clocks: Vec<&Clock> = told.iter().map(|told| &told.clock).collect();
    let subjects = Subjects::of(tx, &clocks).await?;
    for project in ids.iter().filter_map(|id| projects.get(id)) {
        let audience = Audience { policy: promises.policy(project.id).policy, chats: Chats::of(tx, project).await? };
        let (mut letters, mut unheard) = (Letters::default(), 0);
        for Told { clock, alert } in told.iter().filter(|told| told.clock.project_id == project.id) {
            let Some(subject) = subjects.subject(clock) else { continue };
            let addressees = audience.addressees(&subject, *alert);
            let told: Vec<ChatId> = addressees.owners.union(&addressees.others).copied().collect();
            unheard += u64::from(told.is_empty());
            let text = alert.text(clock.metric, &subject.name, clock.due_at);
            for chat in &told {
                let is_first = addressees.owners.first() == Some(chat);
                let told = if is_first { told.clone() } else { Vec::new() };
                letters.add(*chat, NoticeLine { clock_id: clock.id, alert: *alert, told }, &text);
            }
        }
        note_unheard(project, unheard);
        letters.send(tx, project.id, wall).await?;
    }
    Ok(())
}

/// Works out again what a call tells of clocks: leaves out what is not so any more or not for who has the chat, puts
/// the rest as it is now, and has those told instead who have the matter in their place.
pub(crate) async fn recheck(
    tx: &mut Tx,
    call: &QueuedCall,
    payload: &mut Map<String, Value>,
    wall: Time,
) -> Result<Recheck, Error> {
    let Some(lines) = payload.remove(LINES) else { return Ok(Recheck::Other) };
    // What another version of the desk wrote is sent as it is.
    let Ok(lines) = serde_json::from_value::<Vec<NoticeLine>>(lines) else { return Ok(Recheck::Rewritten) };
    let project = tx.project(call.project_id).await?.ok_or(Error::NotFound("project"))?;
    let ids: Vec<i64> = lines.iter().map(|line| line.clock_id.0).collect();
    let clocks: HashMap<SlaClockId, Clock> =
        tx.sla_clocks(&ids).await?.into_iter().map(|clock| (clock.id, clock)).collect();
    let subjects = Subjects::of(tx, &clocks.values().collect::<Vec<_>>()).await?;
    let policy = Promises::of_one(tx, project.id).await?.policy(project.id).policy;
    let audience = Audience { policy, chats: Chats::of(tx, &project).await? };
    let now = project.time(wall);
    let (mut kept, mut passed_on) = (Letters::default(), Letters::default());
    for line in lines {
        let Some(clock) = clocks.get(&line.clock_id).filter(|clock| line.alert.is_so(clock, now)) else { continue };
        let Some(subject) = subjects.subject(clock) else { continue };
        let text = line.alert.text(clock.metric, &subject.name, clock.due_at);
        let addressees = audience.addressees(&subject, line.alert);
        pass_on(line, call.chat_id, &addressees, &text, (&mut kept, &mut passed_on));
    }
    let is_passed_on = !passed_on.is_empty();
    passed_on.send(tx, project.id, wall).await?;
    let Some(kept) = kept.to(call.chat_id) else { return Ok(Recheck::Obsolete) };
    if is_passed_on {
        // A call that comes back must not pass it on once more.
        tx.replace_call(call.id, &new_call(project.id, call.chat_id, kept)).await?;
    }
    payload.insert("text".to_owned(), text_of(kept).into());
    Ok(Recheck::Rewritten)
}

/// Keeps a line for the chat that it was for, if it is for that still, and adds it for those who have the matter now if
/// somebody else had it.
fn pass_on(
    line: NoticeLine,
    chat: ChatId,
    addressees: &Addressees,
    text: &str,
    (kept, passed_on): (&mut Letters, &mut Letters),
) {
    let Addressees { owners, others } = addressees;
    let is_kept = owners.contains(&chat) || others.contains(&chat);
    let is_passed_on = !line.told.is_empty() && !owners.contains(&chat);
    let heirs = owners.iter().copied().filter(|owner| is_passed_on && !line.told.contains(owner));
    let heirs: Vec<ChatId> = heirs.collect();
    let told = line.told.iter().copied().filter(|told| is_kept || *told != chat).chain(heirs.iter().copied());
    let mut told: Vec<ChatId> = told.collect();
    for heir in &heirs {
        passed_on.add(*heir, NoticeLine { told: std::mem::take(&mut told), ..line.clone() }, text);
    }
    if is_kept {
        let told = if heirs.is_empty() { line.told } else { Vec::new() };
        kept.add(chat, NoticeLine { told, ..line }, text);
    }
}

/// What is told to chats: lines with their words.
#[derive(Default)]
struct Letters(BTreeMap<ChatId, Vec<(NoticeLine, String)>>);

impl Letters {
    fn add(&mut self, chat: ChatId, line: NoticeLine, text: &str) {
        self.0.entry(chat).or_default().push((line, text.to_owned()));
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn to(&self, chat: ChatId) -> Option<&[(NoticeLine, String)]> {
        self.0.get(&chat).map(Vec::as_slice)
    }

    async fn send(self, tx: &mut Tx, project: ProjectId, wall: Time) -> Result<(), store::Error> {
        for (chat, lines) in self.0 {
            for lines in lines.chunks(LINES_OF_MESSAGE) {
                tx.insert_call(&new_call(project, chat, lines), wall).await?;
            }
        }
        Ok(())
    }
}

fn new_call(project_id: ProjectId, chat_id: ChatId, lines: &[(NoticeLine, String)]) -> NewCall {
    let text = text_of(lines);
    let lines: Vec<&NoticeLine> = lines.iter().map(|(line, _)| line).collect();
    NewCall {
        project_id,
        chat_id,
        lane: Lane::Notice,
        message_id: None,
        method: "sendMessage".to_owned(),
        payload: json!({ "chat_id": chat_id.0, "text": text, LINES: lines }).to_string(),
        attachments: Vec::new(),
        cost: 1,
    }
}

fn text_of(lines: &[(NoticeLine, String)]) -> String {
    lines.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n")
}

/// Those of a project who are told of clocks, by what its policy says.
struct Audience {
    policy: Policy,
    chats: Chats,
}

/// The chats in which something is told of one clock.
struct Addressees {
    /// Those of who has what it is about.
    owners: BTreeSet<ChatId>,
    /// Those of who is told in addition.
    others: BTreeSet<ChatId>,
}

impl Audience {
    fn addressees(&self, subject: &Subject, alert: Alert) -> Addressees {
        let owners = self.chats.owners(subject.assignee_id, subject.team_id);
        let others = match alert {
            Alert::Warning => BTreeSet::new(),
            Alert::Breach => self.chats.concerned(self.policy.action(subject.priority), subject.team_id),
        };
        Addressees { owners, others }
    }
}

/// The sessions and tickets that clocks are about.
struct Subjects {
    sessions: HashMap<SessionId, Session>,
    tickets: HashMap<TicketId, Ticket>,
}

/// What a clock is about, with who has it.
struct Subject {
    name: String,
    priority: Priority,
    assignee_id: Option<AgentId>,
    team_id: Option<TeamId>,
}

impl Subjects {
    async fn of(tx: &mut Tx, clocks: &[&Clock]) -> Result<Self, store::Error> {
        let sessions: BTreeSet<i64> = clocks.iter().map(|clock| clock.session_id.0).collect();
        let sessions = tx.sessions(&Vec::from_iter(sessions)).await?;
        let tickets: BTreeSet<i64> = clocks.iter().filter_map(|clock| Some(clock.ticket_id?.0)).collect();
        let tickets = if tickets.is_empty() { Vec::new() } else { tx.tickets(&Vec::from_iter(tickets)).await? };
        Ok(Self {
            sessions: sessions.into_iter().map(|session| (session.id, session)).collect(),
            tickets: tickets.into_iter().map(|ticket| (ticket.id, ticket)).collect(),
        })
    }

    /// What a clock is about, unless that is done: nobody is told of it then.
    fn subject(&self, clock: &Clock) -> Option<Subject> {
        let session = self.sessions.get(&clock.session_id)?;
        let Some(id) = clock.ticket_id else {
            let is_done = !session.is_open() || session.resolution.is_some();
            return (!is_done).then(|| Subject {
                name: format!("Session #{}", session.number),
                priority: session.priority,
                assignee_id: session.assignee_id,
                team_id: session.team_id,
            });
        };
        let ticket = self.tickets.get(&id).filter(|ticket| ticket.is_open())?;
        Some(Subject {
            name: format!("Ticket #{} of session #{}", ticket.number, session.number),
            priority: ticket.priority,
            assignee_id: ticket.assignee_id,
            team_id: ticket.team_id,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: ChatId = ChatId(1);
    const NEW: ChatId = ChatId(2);
    const BOSS: ChatId = ChatId(3);

    fn line(told: &[ChatId]) -> NoticeLine {
        NoticeLine { clock_id: SlaClockId(1), alert: Alert::Breach, told: told.to_vec() }
    }

    /// What the old chat keeps and what others get of its line, with whom they know to be told.
    fn passed_on(line: NoticeLine, owners: &[ChatId], others: &[ChatId]) -> [Vec<(ChatId, Vec<ChatId>)>; 2] {
        let addressees =
            Addressees { owners: owners.iter().copied().collect(), others: others.iter().copied().collect() };
        let (mut kept, mut passed_on) = (Letters::default(), Letters::default());
        pass_on(line, OLD, &addressees, "it is late", (&mut kept, &mut passed_on));
        let shown = |letters: Letters| -> Vec<(ChatId, Vec<ChatId>)> {
            let lines = letters.0.into_iter().flat_map(|(chat, lines)| lines.into_iter().map(move |line| (chat, line)));
            lines.map(|(chat, (line, _))| (chat, line.told)).collect()
        };
        [shown(kept), shown(passed_on)]
    }

    #[test]
    fn a_line_goes_to_who_has_the_matter_now_and_to_nobody_twice() {
        let told = [OLD, BOSS];
        assert_eq!(passed_on(line(&told), &[OLD], &[BOSS]), [vec![(OLD, told.to_vec())], vec![]]);
        assert_eq!(passed_on(line(&told), &[NEW], &[BOSS]), [vec![], vec![(NEW, vec![BOSS, NEW])]]);
        assert_eq!(passed_on(line(&told), &[BOSS], &[]), [vec![], vec![]], "who has it now is told already");
        assert_eq!(passed_on(line(&[]), &[NEW], &[]), [vec![], vec![]], "another chat passes it on");
        let still_concerned = passed_on(line(&told), &[NEW], &[OLD]);
        assert_eq!(still_concerned, [vec![(OLD, vec![])], vec![(NEW, vec![OLD, BOSS, NEW])]]);
        let to_several = passed_on(line(&[OLD]), &[NEW, BOSS], &[]);
        assert_eq!(to_several, [vec![], vec![(NEW, vec![NEW, BOSS]), (BOSS, vec![])]], "one of them passes it on");
    }
}
