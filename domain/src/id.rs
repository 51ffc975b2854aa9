//! Identifiers: one type for each kind of object, so that they cannot be mixed up.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$meta:meta])* $id:ident;)+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $id(pub i64);

        impl std::fmt::Display for $id {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+ };
}

ids! {
    /// A workspace: one company.
    WorkspaceId;
    /// A project: one Telegram bot of a workspace.
    ProjectId;
    /// An agent: a member of a workspace.
    AgentId;
    /// A customer: a Telegram user of one project.
    CustomerId;
    /// A session: one conversation with a customer.
    SessionId;
    /// A message in a session.
    MessageId;
    /// A row of the outbox: one call to be made to Telegram.
    OutboxId;
    /// An update from Telegram as it was stored on arrival.
    UpdateRowId;
    /// A job that is due later.
    JobId;
    /// A family of refresh tokens: one sign-in and everything renewed from it.
    TokenFamilyId;
    /// An API token of an agent.
    ApiTokenId;
    /// A file that an agent has uploaded.
    FileId;
    /// A team: a group of agents with a support line.
    TeamId;
    /// A tag of sessions.
    TagId;
    /// A transfer: a session was handed to another agent or to a team.
    TransferId;
    /// A diversion link: a way into the bot that says where a customer came from.
    DiversionLinkId;
    /// A saved view: a filter of sessions under a name.
    SavedViewId;
    /// An invitation to become an agent.
    InvitationId;
    /// A trigger: what makes the desk act on a session by itself.
    TriggerId;
    /// A list of words that triggers look for.
    WordListId;
    /// A rule that chooses who gets a session.
    RoutingRuleId;
    /// A private note in a session.
    NoteId;
    /// A text that agents have ready.
    CannedReplyId;
    /// A message that is to be sent later.
    ScheduledMessageId;
    /// One time that a trigger fired.
    TriggerFiringId;
    /// A ticket: a traceable piece of work that came of a session.
    TicketId;
    /// One time that a ticket was escalated.
    EscalationId;
    /// A calendar of service levels: when the desk works.
    SlaCalendarId;
    /// What a calendar of service levels said between two of its changes.
    SlaHoursId;
    /// A clock of a service level: one promise about a session or a ticket.
    SlaClockId;
    /// A survey: the question how satisfied a customer is with one resolution.
    SurveyId;
    /// A to-do: something that is owed to a customer.
    TodoId;
    /// A knowledge entry: a question with the answer that the bot gives.
    KnowledgeEntryId;
}

/// A chat as Telegram numbers it. In a private chat it equals the user's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChatId(pub i64);

/// A user as Telegram numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TelegramUserId(pub i64);
