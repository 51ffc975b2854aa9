//! Escalating.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::session::SessionRefusal;
use desk::ticket::{AimRefusal, EscalationSubject, NewEscalation, TicketEscalateRefusal as Refusal};
use domain::escalation::{PacketInput, PacketRefusal, TargetRefusal};
use domain::ticket::TicketTextRefusal;
use domain::{MessageId, SessionId, TicketId};

use super::packet::CustomerEmotion;
use super::{Escalation, EscalationLevel, EscalationReason, Ticket};
use crate::schema::error::{Failure, Result};
use crate::schema::id;
use crate::schema::scalar::DateTime;
use crate::schema::session::{Session, SessionPriority};
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What goes along with an escalation. What is left out or null the desk fills in, as far as it knows
/// (`ticketEscalationDraft`).
#[derive(InputObject, Default)]
pub(crate) struct EscalationPacketInput {
    /// The problem in the customer's own words, up to 2000 characters.
    problem: Option<String>,
    /// What was tried: three solutions at least, 20 at most, each up to 2000 characters.
    solutions: Option<Vec<String>>,
    /// The global ids of the messages that show what it is about, 3 to 5, with their attachments. Of a session that has fewer,
    /// all.
    key_message_ids: Option<Vec<ID>>,
    /// How the customer feels.
    emotion: Option<CustomerEmotion>,
    /// When the problem was first seen.
    first_seen_at: Option<DateTime>,
    /// Whether screenshots or logs were asked for.
    evidence_requested: Option<bool>,
    /// By when the customer expects it to be resolved.
    expected_resolution_at: Option<DateTime>,
}

/// What `ticketEscalate` takes.
#[derive(InputObject)]
pub(crate) struct TicketEscalateInput {
    /// The global id of the session: it is escalated with its newest ticket that is not resolved, or with a new one. Give
    /// this or `ticketId`.
    session_id: Option<ID>,
    /// The global id of the ticket: it is escalated with its session, which is opened again if it is closed. Give this or
    /// `sessionId`.
    ticket_id: Option<ID>,
    /// How high. `L3` goes straight to an administrator.
    level: EscalationLevel,
    /// The global id of the team that gets it, which has to be on that line. Null or left out: the first team of the line.
    team_id: Option<ID>,
    /// Why.
    reason: EscalationReason,
    /// What whoever gets it needs to know, from 1 to 2000 characters.
    description: String,
    /// What goes along. Null or left out: what the desk knows.
    packet: Option<EscalationPacketInput>,
    /// How pressing the ticket is at least from then on. Null or left out: as pressing as it is.
    priority: Option<SessionPriority>,
    /// The global id of the suggestion of a trigger that you take up. Null or left out: the newest one of the session to
    /// escalate it so high, if there is one.
    trigger_firing_id: Option<ID>,
    /// Whether the form is skipped, for an obvious emergency. This is noted.
    #[graphql(default)]
    quick: bool,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with the
    /// same input escalates nothing else and gives the first escalation. Null or left out: sending again is another request.
    idempotency_key: Option<String>,
}

/// What came of `ticketEscalate`.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct TicketEscalatePayload {
    /// The ticket as it is now or, for a request that is sent again by somebody who sees it no longer, as it was then. Null
    /// if nothing was escalated.
    ticket: Option<Ticket>,
    /// The escalation. Null if nothing was escalated.
    escalation: Option<Escalation>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TicketEscalateError>,
    /// The session, which not every API token that may escalate it may look at.
    #[graphql(skip)]
    handed: Option<(SessionId, View)>,
}

#[ComplexObject]
impl TicketEscalatePayload {
    /// The session as it is now for you: if it was yours, as it was when you handed it over. Null if nothing was escalated.
    async fn session(&self) -> Option<Result<Session>> {
        let (id, view) = self.handed.as_ref()?;
        let found = view.loaders().sessions().load(*id).await.map_err(Failure::from);
        found.map(|found| found.map(|row| Session::new(row, view))).transpose()
    }
}

user_error! {
    /// Why `ticketEscalate` did nothing.
    TicketEscalateError,
    /// The reasons of `ticketEscalate` to do nothing.
    TicketEscalateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// Neither `sessionId` nor `ticketId` was given, or both were.
        SubjectRequired,
        /// There is no such session, or it does not go on for you.
        SessionNotFound,
        /// There is no such ticket, or you may not see it.
        TicketNotFound,
        /// The session is closed. Its ticket can be escalated by `ticketId`.
        SessionClosed,
        /// The session is closed, and the customer has another one that is open.
        NewerSessionOpen,
        /// The session is closed, and everything about its customer was erased.
        CustomerErased,
        /// Another agent has the session, and you are not a supervisor.
        TakenByAnother,
        /// The ticket is on a higher line already.
        LevelTooLow,
        /// The ticket is resolved.
        TicketResolved,
        /// It was escalated there already.
        AlreadyEscalated,
        /// There is no such team in the project.
        NoSuchTeam,
        /// The team is not on the line that the level goes to.
        TeamOnAnotherLine,
        /// No team was given, and none of the project is on that line.
        TeamRequired,
        /// The project has no administrator who is active.
        NoAdministrator,
        /// The description has no visible character.
        DescriptionRequired,
        /// The description has more than 2000 characters.
        DescriptionTooLong,
        /// Something in the packet is missing and the desk does not know it: `path` names it.
        PacketIncomplete,
        /// Something in the packet is too long, or too much.
        PacketTooLarge,
        /// A key message is not one of the session.
        NoSuchMessage,
        /// There is no such firing of a trigger in the session.
        NoSuchTriggerFiring,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct TicketEscalate;

#[Object]
impl TicketEscalate {
    /// Escalates a session or a ticket to another line, with all that is known. The team that gets it keeps it, and the
    /// customer is told at once. Agents escalate what is theirs or nobody's, supervisors everything. For whoever had the
    /// session it ends here: they go on seeing it as it was (`sessionsLeft`), and nothing later reaches them. It may happen
    /// again, level by level.
    async fn ticket_escalate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is escalated, where to, and what goes along.")] input: TicketEscalateInput,
    ) -> Result<TicketEscalatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        let (mut ticket, mut escalation, mut handed) = (None, None, None);
        if let Some((done_ticket, done_escalation, session)) = done {
            ticket = Some(Ticket::new(Arc::new(done_ticket), &view));
            escalation = Some(Escalation::new(Arc::new(done_escalation), &view));
            handed = Some((session.id, view));
        }
        Ok(TicketEscalatePayload { ticket, escalation, user_errors, handed })
    }
}

type Done = (domain::Ticket, domain::Escalation, domain::Session);

async fn run(view: &View, input: TicketEscalateInput) -> Result<Done, Stop<Done, TicketEscalateError>> {
    use TicketEscalateErrorCode as Code;
    let invalid = |field| move |invalid: id::InvalidId| TicketEscalateError::new(Code::InvalidId, Some(field), invalid);
    let subject = match (&input.session_id, &input.ticket_id) {
        (Some(session), None) => {
            EscalationSubject::Session(id::parse::<SessionId>(session).map_err(invalid("sessionId"))?)
        }
        (None, Some(ticket)) => EscalationSubject::Ticket(id::parse::<TicketId>(ticket).map_err(invalid("ticketId"))?),
        _ => {
            let message = "give `sessionId` or `ticketId`, and not both";
            return Err(TicketEscalateError::new(Code::SubjectRequired, Some("sessionId"), message).into());
        }
    };
    let firing = input.trigger_firing_id.as_deref().map(|id| id::parse(id)).transpose();
    let new = NewEscalation {
        subject,
        level: input.level.into(),
        team_id: input.team_id.as_deref().map(|id| id::parse(id)).transpose().map_err(invalid("teamId"))?,
        reason: input.reason.into(),
        description: input.description,
        packet: packet_of(input.packet.unwrap_or_default())
            .map_err(|invalid| TicketEscalateError::at(Code::InvalidId, in_packet("keyMessageIds"), invalid))?,
        priority: input.priority.map(Into::into),
        firing_id: firing.map_err(invalid("triggerFiringId"))?,
        quick: input.quick,
        idempotency_key: input.idempotency_key,
    };
    let done = view.desk().ticket_escalate(view.actor(), &new).await;
    done.map_err(|rejected| Stop::of(rejected, explain))
}

fn packet_of(input: EscalationPacketInput) -> std::result::Result<PacketInput, id::InvalidId> {
    let parsed = |ids: Vec<ID>| ids.iter().map(|id| id::parse(id)).collect::<std::result::Result<Vec<MessageId>, _>>();
    Ok(PacketInput {
        problem: input.problem,
        solutions: input.solutions,
        key_message_ids: input.key_message_ids.map(parsed).transpose()?,
        emotion: input.emotion.map(Into::into),
        first_seen_at: input.first_seen_at.map(|time| time.0),
        evidence_requested: input.evidence_requested,
        expected_resolution_at: input.expected_resolution_at.map(|time| time.0),
    })
}

fn in_packet(field: &str) -> [String; 2] {
    ["packet".to_owned(), field.to_owned()]
}

fn explain(refusal: Refusal) -> Stop<Done, TicketEscalateError> {
    use TicketEscalateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Packet(lacking) => {
            return TicketEscalateError::at(code_of(*lacking), in_packet(lacking.field()), refusal).into();
        }
        Refusal::Session(SessionRefusal::NotFound) => (Code::SessionNotFound, "sessionId"),
        Refusal::Session(SessionRefusal::AlreadyClosed) => (Code::SessionClosed, "sessionId"),
        Refusal::Session(SessionRefusal::NewerSessionOpen) => (Code::NewerSessionOpen, "ticketId"),
        Refusal::Session(SessionRefusal::CustomerErased) => (Code::CustomerErased, "ticketId"),
        Refusal::Session(_) => return Stop::unexpected(refusal),
        Refusal::NoSuchTicket => (Code::TicketNotFound, "ticketId"),
        Refusal::TakenByAnother => (Code::TakenByAnother, "sessionId"),
        Refusal::Level(TargetRefusal::TooLow) => (Code::LevelTooLow, "level"),
        Refusal::Level(TargetRefusal::Resolved) => (Code::TicketResolved, "ticketId"),
        Refusal::AlreadyThere => (Code::AlreadyEscalated, "level"),
        Refusal::Aim(AimRefusal::NoSuchTeam) => (Code::NoSuchTeam, "teamId"),
        Refusal::Aim(AimRefusal::WrongLine) => (Code::TeamOnAnotherLine, "teamId"),
        Refusal::Aim(AimRefusal::NoTeam) => (Code::TeamRequired, "teamId"),
        Refusal::Aim(AimRefusal::NoAdministrator) => (Code::NoAdministrator, "level"),
        Refusal::Description(TicketTextRefusal::Required) => (Code::DescriptionRequired, "description"),
        Refusal::Description(TicketTextRefusal::TooLong) => (Code::DescriptionTooLong, "description"),
        Refusal::NoSuchFiring => (Code::NoSuchTriggerFiring, "triggerFiringId"),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => (Code::IdempotencyKeyMalformed, "idempotencyKey"),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, "idempotencyKey"),
    };
    TicketEscalateError::new(code, Some(field), refusal).into()
}

fn code_of(lacking: PacketRefusal) -> TicketEscalateErrorCode {
    use TicketEscalateErrorCode as Code;
    match lacking {
        PacketRefusal::ProblemTooLong | PacketRefusal::SolutionsTooLong => Code::PacketTooLarge,
        PacketRefusal::NoSuchMessage => Code::NoSuchMessage,
        PacketRefusal::ProblemRequired
        | PacketRefusal::SolutionsRequired
        | PacketRefusal::KeyMessagesOutOfRange
        | PacketRefusal::EmotionRequired
        | PacketRefusal::FirstSeenRequired
        | PacketRefusal::EvidenceRequired
        | PacketRefusal::ExpectedResolutionRequired => Code::PacketIncomplete,
    }
}
