//! Everything that the desk has of a customer, in one document.

use std::collections::VecDeque;

use bytes::Bytes;
use domain::attribute::{Attribute, AttributeValue};
use domain::audit::ObjectKind;
use domain::customer::CustomerNotes;
use domain::filter::Page;
use domain::knowledge::KnowledgeAnswer;
use domain::note::{NoteContent, NoteWording};
use domain::session::Transfer;
use domain::sla::{Clock, Entry};
use domain::ticket::TicketEntry;
use domain::trigger::TriggerFiring;
use domain::{
    ApiScope, ChatId, Customer, CustomerId, Direction, Escalation, Message, MessageId, Note, Role, ScheduledMessage,
    Session, SessionId, SlaClockId, Survey, TelegramUserId, Ticket, Todo,
};
use futures_util::stream::{StreamExt as _, unfold};
use serde_json::{Value, json};

use crate::audit::Audited;
use crate::media::ByteStream;
use crate::{Actor, Desk, Error, Rejected};

/// How many rows are read for one piece of the document.
const ROWS: usize = 100;

/// Why a customer was not exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CustomerExportRefusal {
    /// There is no such customer, or the actor may not know of them.
    #[error("there is no such customer")]
    NotFound,
    /// The actor is an agent only.
    #[error("only supervisors and administrators of the project export customers: ask one of them")]
    NotSupervisor,
}

impl Desk {
    /// Everything that the desk has of a customer as one JSON document, piece by piece: the profile, the sessions, the
    /// messages with all that they hold, the notes of agents with all that they said, when the sessions came into other
    /// hands and what was said about that, the messages for later, what triggers found, what the customer thinks of the
    /// sessions, what is owed to them, the tickets with their escalations and their history, what was promised and what
    /// became of it, what the bot answered and the customer said about that, what the person wrote in groups, and the
    /// updates as Telegram sent them. Each piece is read when it is wanted. What changes meanwhile may be in it as it was
    /// or as it is.
    pub async fn customer_export(
        &self,
        actor: &Actor,
        id: CustomerId,
    ) -> Result<ByteStream, Rejected<CustomerExportRefusal>> {
        actor.needs(ApiScope::SessionsRead)?;
        let refuse = |refusal| Err(Rejected::Refused(refusal));
        let Some(customer) = self.customers_by_id(actor, &[id]).await?.pop() else {
            return refuse(CustomerExportRefusal::NotFound);
        };
        if self.role_in(actor, customer.project_id).await? < Some(Role::Supervisor) {
            return refuse(CustomerExportRefusal::NotSupervisor);
        }
        let mut tx = self.store.begin().await?;
        let project = tx.project(customer.project_id).await?.ok_or(Error::NotFound("project"))?;
        let object = (ObjectKind::Customer, id.0);
        Audited::in_project(&actor.agent, &project, "customerExport", object, self.now()).write(&mut tx).await?;
        tx.commit_silently().await?;
        tracing::info!(customer = %id, agent = %actor.agent.id, "a customer was exported");
        let export = Export { desk: self.clone(), customer, next: Next::Profile, is_first: true };
        Ok(unfold(Some(export), |export| async {
            let mut export = export?;
            match export.piece().await {
                Ok(piece) => {
                    let is_over = matches!(export.next, Next::Nothing);
                    Some((Ok(Bytes::from(piece)), (!is_over).then_some(export)))
                }
                Err(error) => Some((Err(error), None)),
            }
        })
        .boxed())
    }
}

/// An export under way.
struct Export {
    desk: Desk,
    customer: Customer,
    next: Next,
    /// Whether the list that is being written has no item yet.
    is_first: bool,
}

/// What comes next.
enum Next {
    Profile,
    Sessions(VecDeque<SessionId>),
    /// The messages of sessions, of the first of them those behind one.
    Messages(VecDeque<SessionId>, Option<MessageId>),
    /// The notes in sessions.
    Notes(VecDeque<SessionId>),
    /// How sessions came into other hands.
    Transfers(VecDeque<SessionId>),
    /// The messages that were to be sent later in sessions.
    Scheduled(VecDeque<SessionId>),
    /// What triggers found in sessions.
    Firings(VecDeque<SessionId>),
    /// What the customer thinks of sessions.
    Ratings(VecDeque<SessionId>),
    /// What is owed to the customer in sessions.
    Todos(VecDeque<SessionId>),
    /// The tickets of sessions, with their escalations and their history.
    Tickets(VecDeque<SessionId>),
    /// What was promised in sessions, with what became of it.
    Clocks(VecDeque<SessionId>),
    /// What the bot answered in sessions.
    Answers(VecDeque<SessionId>),
    /// The messages of groups behind one.
    Elsewhere(i64),
    /// The updates of numbers that Telegram gave the customer, of the first of them those behind a row.
    Updates(VecDeque<i64>, i64),
    Nothing,
}

impl Export {
    async fn piece(&mut self) -> Result<String, Error> {
        match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Profile => self.profile().await,
            Next::Sessions(ids) => self.sessions(ids).await,
            Next::Messages(ids, after) => self.messages(ids, after).await,
            Next::Notes(ids) => self.notes(ids).await,
            Next::Transfers(ids) => self.transfers(ids).await,
            Next::Scheduled(ids) => self.scheduled(ids).await,
            Next::Firings(ids) => self.firings(ids).await,
            Next::Ratings(ids) => self.ratings(ids).await,
            Next::Todos(ids) => self.todos(ids).await,
            Next::Tickets(ids) => self.tickets(ids).await,
            Next::Clocks(ids) => self.clocks(ids).await,
            Next::Answers(ids) => self.answers(ids).await,
            Next::Elsewhere(after) => self.elsewhere(after).await,
            Next::Updates(numbers, after) => self.updates(numbers, after).await,
            Next::Nothing => Ok(String::new()),
        }
    }

    async fn profile(&mut self) -> Result<String, Error> {
        let mut reader = self.desk.store.read().await?;
        let ids = reader.customer_session_ids(self.customer.id).await?;
        let tags = reader.tags_of_customers(&[self.customer.id.0]).await?;
        let tags: Vec<&str> = tags.iter().map(|(_, tag)| tag.name.as_str()).collect();
        let notes = reader.customer_notes(&[self.customer.id.0]).await?.pop();
        let attributes = reader.attributes_of_customers(&[self.customer.id.0]).await?;
        self.next = Next::Sessions(ids.into());
        let notes = notes.map(|(_, notes)| notes).unwrap_or_default();
        let profile = profile(&self.customer, &tags, &notes, &attributes);
        Ok(format!("{{\"customer\":{profile},\"sessions\":["))
    }

    async fn sessions(&mut self, mut ids: VecDeque<SessionId>) -> Result<String, Error> {
        let some: Vec<i64> = ids.drain(..ids.len().min(ROWS)).map(|id| id.0).collect();
        let mut reader = self.desk.store.read().await?;
        if some.is_empty() {
            let all = reader.customer_session_ids(self.customer.id).await?;
            (self.next, self.is_first) = (Next::Messages(all.into(), None), true);
            return Ok("],\"messages\":[".to_owned());
        }
        let mut sessions = reader.sessions(&some).await?;
        sessions.sort_by_key(|session| session.id);
        let tags = reader.tags_of_sessions(&some).await?;
        let shown = sessions.iter().map(|session| {
            let tags: Vec<&str> =
                tags.iter().filter(|(of, _)| *of == session.id).map(|(_, tag)| tag.name.as_str()).collect();
            session_as_json(session, &tags).to_string()
        });
        let shown: Vec<String> = shown.collect();
        self.next = Next::Sessions(ids);
        Ok(self.items(shown))
    }

    async fn messages(&mut self, mut ids: VecDeque<SessionId>, after: Option<MessageId>) -> Result<String, Error> {
        let Some(session) = ids.front().copied() else {
            let all = self.desk.store.read().await?.customer_session_ids(self.customer.id).await?;
            (self.next, self.is_first) = (Next::Notes(all.into()), true);
            return Ok("],\"notes\":[".to_owned());
        };
        let page = Page { after, before: None, size: ROWS, from_end: false };
        let messages = self.desk.store.read().await?.message_page(session, page).await?;
        self.next = match messages.last() {
            Some(last) if messages.len() == ROWS => Next::Messages(ids, Some(last.id)),
            _ => {
                ids.pop_front();
                Next::Messages(ids, None)
            }
        };
        Ok(self.items(messages.iter().map(|message| message_as_json(message).to_string()).collect()))
    }

    async fn notes(&mut self, mut ids: VecDeque<SessionId>) -> Result<String, Error> {
        let some: Vec<i64> = ids.drain(..ids.len().min(ROWS)).map(|id| id.0).collect();
        let mut reader = self.desk.store.read().await?;
        if some.is_empty() {
            let all = reader.customer_session_ids(self.customer.id).await?;
            (self.next, self.is_first) = (Next::Transfers(all.into()), true);
            return Ok("],\"transfers\":[".to_owned());
        }
        let notes = reader.notes_of_sessions(&some).await?;
        let numbers: Vec<i64> = notes.iter().map(|note| note.id.0).collect();
        let wordings = reader.note_wordings(&numbers).await?;
        self.next = Next::Notes(ids);
        Ok(self.items(notes.iter().map(|note| note_as_json(note, &wordings).to_string()).collect()))
    }

    async fn transfers(&mut self, mut ids: VecDeque<SessionId>) -> Result<String, Error> {
        let some: Vec<i64> = ids.drain(..ids.len().min(ROWS)).map(|id| id.0).collect();
        let mut reader = self.desk.store.read().await?;
        if some.is_empty() {
            let all = reader.customer_session_ids(self.customer.id).await?;
            (self.next, self.is_first) = (Next::Scheduled(all.into()), true);
            return Ok("],\"scheduledMessages\":[".to_owned());
        }
        let transfers = reader.transfers_of_sessions(&some).await?;
        self.next = Next::Transfers(ids);
        Ok(self.items(transfers.iter().map(|transfer| transfer_as_json(transfer).to_string()).collect()))
    }

    async fn scheduled(&mut self, mut ids: VecDeque<SessionId>) -> Result<String, Error> {
        let some: Vec<i64> = ids.drain(..ids.len().min(ROWS)).map(|id| id.0).collect();
        let mut reader = self.desk.store.read().await?;
        if some.is_empty() {
            let all = reader.customer_session_ids(self.customer.id).await?;
            (self.next, self.is_first) = (Next::Firings(all.into()), true);
            return Ok("],\"triggerFirings\":[".to_owned());
        }
        let messages = reader.scheduled_messages_of(&some).await?;
        self.next = Next::Scheduled(ids);
        Ok(self.items(messages.iter().map(|message| scheduled_as_json(message).to_string()).collect()))
    }

    async fn firings(&mut self, mut ids: VecDeque<SessionId>) -> Result<String, Error> {
        let some: Vec<i64> = ids.drain(..ids.len().min(ROWS)).map(|id| id.0).collect();
        let mut reader = self.desk.store.read().await?;
        if some.is_empty() {
            let all = reader.customer_session_ids(self.customer.id).await?;
            (self.next, self.is_first) = (Next::Ratings(all.into()), true);
            return Ok("],\"ratings\":[".to_owned());
        }
        let firings = reader.trigger_firings_of(&some).await?;
        self.next = Next::Firings(ids);
        Ok(self.items(firings.iter().map(|firing| firing_as_json(firing).to_string()).collect()))
    }

    async fn ratings(&mut self, mut ids: VecDeque<SessionId>) -> Result<String, Error> {
        let some: Vec<i64> = ids.drain(..ids.len().min(ROWS)).map(|id| id.0).collect();
        let mut reader = self.desk.store.read().await?;
        if some.is_empty() {
            let all = reader.customer_session_ids(self.customer.id).await?;
            (self.next, self.is_first) = (Next::Todos(all.into()), true);
            return Ok("],\"todos\":[".to_owned());
        }
        let surveys = reader.surveys_of(&some).await?;
        self.next = Next::Ratings(ids);
        Ok(self.items(surveys.iter().map(|survey| survey_as_json(survey).to_string()).collect()))
    }

    async fn todos(&mut self, mut ids: VecDeque<SessionId>) -> Result<String, Error> {
        let some: Vec<i64> = ids.drain(..ids.len().min(ROWS)).map(|id| id.0).collect();
        if some.is_empty() {
            let all = self.desk.store.read().await?.customer_session_ids(self.customer.id).await?;
            (self.next, self.is_first) = (Next::Tickets(all.into()), true);
            return Ok("],\"tickets\":[".to_owned());
        }
        let todos = self.desk.store.read().await?.todos_of_sessions(&some).await?;
        self.next = Next::Todos(ids);
        Ok(self.items(todos.iter().map(|todo| todo_as_json(todo).to_string()).collect()))
    }

    async fn tickets(&mut self, mut ids: VecDeque<SessionId>) -> Result<String, Error> {
        let some: Vec<i64> = ids.drain(..ids.len().min(ROWS)).map(|id| id.0).collect();
        let mut reader = self.desk.store.read().await?;
        if some.is_empty() {
            let all = reader.customer_session_ids(self.customer.id).await?;
            (self.next, self.is_first) = (Next::Clocks(all.into()), true);
            return Ok("],\"slaClocks\":[".to_owned());
        }
        let tickets = reader.tickets_of_sessions(&some).await?;
        let numbers: Vec<i64> = tickets.iter().map(|ticket| ticket.id.0).collect();
        let escalations = reader.escalations_of_tickets(&numbers).await?;
        let steps = reader.ticket_entries_of(&numbers).await?;
        self.next = Next::Tickets(ids);
        let shown = tickets.iter().map(|ticket| ticket_as_json(ticket, &escalations, &steps).to_string());
        Ok(self.items(shown.collect()))
    }

    async fn clocks(&mut self, mut ids: VecDeque<SessionId>) -> Result<String, Error> {
        let some: Vec<i64> = ids.drain(..ids.len().min(ROWS)).map(|id| id.0).collect();
        let mut reader = self.desk.store.read().await?;
        if some.is_empty() {
            let all = reader.customer_session_ids(self.customer.id).await?;
            (self.next, self.is_first) = (Next::Answers(all.into()), true);
            return Ok("],\"knowledgeAnswers\":[".to_owned());
        }
        let tickets: Vec<i64> = reader.tickets_of_sessions(&some).await?.iter().map(|ticket| ticket.id.0).collect();
        let clocks = reader.all_sla_clocks_of(&some, &tickets).await?;
        let numbers: Vec<i64> = clocks.iter().map(|clock| clock.id.0).collect();
        let histories = reader.sla_histories(&numbers).await?;
        self.next = Next::Clocks(ids);
        Ok(self.items(clocks.iter().map(|clock| clock_as_json(clock, &histories).to_string()).collect()))
    }

    async fn answers(&mut self, mut ids: VecDeque<SessionId>) -> Result<String, Error> {
        let some: Vec<i64> = ids.drain(..ids.len().min(ROWS)).map(|id| id.0).collect();
        if some.is_empty() {
            (self.next, self.is_first) = (Next::Elsewhere(0), true);
            return Ok("],\"messagesInGroups\":[".to_owned());
        }
        let answers = self.desk.store.read().await?.knowledge_answers_in(&some).await?;
        self.next = Next::Answers(ids);
        Ok(self.items(answers.iter().map(|answer| answer_as_json(answer).to_string()).collect()))
    }

    async fn elsewhere(&mut self, after: i64) -> Result<String, Error> {
        let Customer { project_id, telegram_user_id: TelegramUserId(number), .. } = self.customer;
        let limit = i64::try_from(ROWS).unwrap_or(i64::MAX);
        let mut reader = self.desk.store.read().await?;
        let ids = reader.messages_with(project_id, &number.to_string(), after, limit).await?;
        let Some(last) = ids.last() else {
            let former = reader.former_chats(project_id, ChatId(number)).await?;
            let numbers = former.into_iter().map(|chat| chat.0).chain([number]).collect();
            (self.next, self.is_first) = (Next::Updates(numbers, 0), true);
            return Ok("],\"updates\":[".to_owned());
        };
        self.next = Next::Elsewhere(*last);
        let mut messages = reader.messages(&ids).await?;
        messages.retain(|message| {
            let writer = message.content.writer.as_ref().map(|writer| writer.telegram_id);
            writer == Some(number) && message.customer_id != self.customer.id && message.direction == Direction::Inbound
        });
        messages.sort_by_key(|message| message.id);
        Ok(self.items(messages.iter().map(|message| message_as_json(message).to_string()).collect()))
    }

    async fn updates(&mut self, mut numbers: VecDeque<i64>, after: i64) -> Result<String, Error> {
        let Some(number) = numbers.front().copied() else { return Ok("]}\n".to_owned()) };
        let limit = i64::try_from(ROWS).unwrap_or(i64::MAX);
        let mut reader = self.desk.store.read().await?;
        // A chat of their own has their number. Where they are met elsewhere, others write as well.
        let (user, chat) = (TelegramUserId(number), ChatId(number));
        let rows = reader.updates_of(self.customer.project_id, user, chat, after, limit).await?;
        self.next = match rows.last() {
            Some((last, _)) => Next::Updates(numbers, *last),
            None => {
                numbers.pop_front();
                Next::Updates(numbers, 0)
            }
        };
        // What is no JSON is shown as it came.
        let shown = |raw: String| match serde_json::from_str::<Value>(&raw) {
            Ok(_) => raw,
            Err(_) => Value::String(raw).to_string(),
        };
        let shown = rows.into_iter().filter(|(_, raw)| !raw.is_empty()).map(|(_, raw)| shown(raw)).collect();
        Ok(self.items(shown))
    }

    /// Items of the list that is being written.
    fn items(&mut self, items: Vec<String>) -> String {
        let mut text = String::new();
        for item in items {
            text.push_str(if std::mem::take(&mut self.is_first) { "\n" } else { ",\n" });
            text.push_str(&item);
        }
        text
    }
}

fn profile(customer: &Customer, tags: &[&str], notes: &CustomerNotes, attributes: &[Attribute]) -> Value {
    // What stands in the place of the number of an erased customer is nobody's.
    let number = if customer.erased_at.is_some() { 0 } else { customer.telegram_user_id.0 };
    json!({
        "id": customer.id,
        "kind": customer.kind.name(),
        "telegramUserId": number.to_string(),
        "name": customer.name,
        "username": customer.username,
        "languageCode": customer.language_code,
        "unreachableSince": customer.unreachable_since,
        "bannedAt": customer.banned_at,
        "banReason": customer.ban_reason,
        "tags": tags,
        "erasedAt": customer.erased_at,
        "createdAt": customer.created_at,
        "timeZone": notes.time_zone,
        "note": notes.note,
        "attributes": attributes.iter().map(attribute_as_json).collect::<Vec<Value>>(),
    })
}

fn attribute_as_json(attribute: &Attribute) -> Value {
    let value = match &attribute.value {
        AttributeValue::Text(text) => json!(text),
        AttributeValue::Number(number) => json!(number),
        AttributeValue::Flag(flag) => json!(flag),
        AttributeValue::Time(time) => json!(time),
    };
    json!({ "name": attribute.name, "value": value, "setAt": attribute.set_at })
}

fn session_as_json(session: &Session, tags: &[&str]) -> Value {
    json!({
        "id": session.id,
        "number": session.number,
        "status": session.status.name(),
        "priority": session.priority.name(),
        "tags": tags,
        "createdAt": session.created_at,
        "closedAt": session.closed_at,
        "closeReason": session.close_reason.map(|reason| reason.name()),
        "followUp": session.follow_up.as_ref().map(|waits| json!({ "until": waits.until, "note": waits.note })),
        "resolution": session.resolution.as_ref().map(|one| json!({ "at": one.at, "summary": one.summary })),
    })
}

fn message_as_json(message: &Message) -> Value {
    let entities = message.entities.as_deref().and_then(|entities| serde_json::from_str::<Value>(entities).ok());
    json!({
        "id": message.id,
        "session": message.session_id,
        "direction": message.direction.name(),
        "kind": message.kind,
        "text": message.text,
        "entities": entities,
        "content": message.content,
        "albumId": message.album_id,
        "replyTo": message.reply_to_id,
        "telegramMessageId": message.telegram_message_id,
        "delivery": message.delivery.as_ref().map(|delivery| delivery.state.name()),
        "createdAt": message.created_at,
        "editedAt": message.edited_at,
        "deletedAt": message.deleted_at,
    })
}

/// A note with all that it said before, the oldest words first.
fn note_as_json(note: &Note, wordings: &[NoteWording]) -> Value {
    let before = wordings.iter().filter(|wording| wording.note_id == note.id);
    json!({
        "id": note.id,
        "session": note.session_id,
        "content": content_as_json(&note.content()),
        "before": before.map(|wording| content_as_json(&wording.content)).collect::<Vec<_>>(),
        "createdAt": note.created_at,
        "editedAt": note.edited_at,
        "deletedAt": note.deleted_at,
    })
}

fn content_as_json(content: &NoteContent) -> Value {
    json!({
        "text": content.text,
        "need": content.need,
        "tried": content.tried,
        "nextStep": content.next_step,
    })
}

fn transfer_as_json(transfer: &Transfer) -> Value {
    json!({
        "session": transfer.session_id,
        "kind": transfer.kind.name(),
        "description": transfer.description,
        "at": transfer.at,
    })
}

fn scheduled_as_json(message: &ScheduledMessage) -> Value {
    json!({
        "id": message.id,
        "session": message.session_id,
        "text": message.text,
        "entities": message.entities,
        "media": message.media,
        "sendAt": message.send_at,
        "state": message.state.name(),
        "message": message.message_id,
        "createdAt": message.created_at,
    })
}

/// A ticket with its escalations and the steps of its history, the oldest first.
fn ticket_as_json(ticket: &Ticket, escalations: &[Escalation], steps: &[TicketEntry]) -> Value {
    let escalations = escalations.iter().filter(|escalation| escalation.ticket_id == ticket.id);
    let steps = steps.iter().filter(|step| step.ticket_id == ticket.id);
    json!({
        "id": ticket.id,
        "number": ticket.number,
        "session": ticket.session_id,
        "kind": ticket.kind.name(),
        "status": ticket.status.name(),
        "priority": ticket.priority.name(),
        "description": ticket.description,
        "resolution": ticket.resolution,
        "createdAt": ticket.created_at,
        "resolvedAt": ticket.resolved_at,
        "escalations": escalations.map(escalation_as_json).collect::<Vec<_>>(),
        "history": steps.map(step_as_json).collect::<Vec<_>>(),
    })
}

fn step_as_json(step: &TicketEntry) -> Value {
    json!({
        "at": step.at,
        "cause": step.cause.name(),
        "kind": step.kind.name(),
        "line": step.line,
        "priority": step.priority.name(),
        "status": step.status.name(),
    })
}

/// What was promised, with what happened to it, the oldest first.
fn clock_as_json(clock: &Clock, histories: &[(SlaClockId, Entry)]) -> Value {
    let history = histories.iter().filter(|(of, _)| *of == clock.id);
    let history = history.map(|(_, Entry { at, change })| json!({ "at": at, "change": change.name() }));
    json!({
        "id": clock.id,
        "session": clock.session_id,
        "ticket": clock.ticket_id,
        "metric": clock.metric.name(),
        "startedAt": clock.started_at,
        "dueAt": clock.due_at,
        "endedAt": clock.ended_at,
        "state": clock.state.name(),
        "history": history.collect::<Vec<_>>(),
    })
}

/// What the bot answered by itself, with what the customer said about it.
fn answer_as_json(answer: &KnowledgeAnswer) -> Value {
    json!({
        "session": answer.session_id,
        "entry": answer.entry_id,
        "message": answer.message_id,
        "helped": answer.helped,
        "askedForPerson": answer.person,
        "shownAt": answer.shown_at,
    })
}

fn escalation_as_json(escalation: &Escalation) -> Value {
    json!({
        "id": escalation.id,
        "level": escalation.level.name(),
        "reason": escalation.reason.name(),
        "description": escalation.description,
        "packet": escalation.packet,
        "at": escalation.at,
        "unnecessary": escalation.unnecessary,
        "judgementNote": escalation.judgement_note,
    })
}

fn firing_as_json(firing: &TriggerFiring) -> Value {
    json!({
        "id": firing.id,
        "session": firing.session_id,
        "message": firing.message_id,
        "phrases": firing.phrases,
        "at": firing.at,
        "judgement": firing.judgement.map(|judgement| judgement.name()),
    })
}

fn survey_as_json(survey: &Survey) -> Value {
    json!({
        "session": survey.session_id,
        "ticket": survey.ticket_id,
        "resolvedAt": survey.resolved_at,
        "askedAt": survey.asked_at,
        "score": survey.score,
        "comment": survey.comment,
        "ratedAt": survey.rated_at,
    })
}

fn todo_as_json(todo: &Todo) -> Value {
    json!({
        "id": todo.id,
        "session": todo.session_id,
        "kind": todo.kind.name(),
        "text": todo.text,
        "dueFrom": todo.due_from,
        "dueAt": todo.due_at,
        "state": todo.state.name(),
        "createdAt": todo.created_at,
    })
}
