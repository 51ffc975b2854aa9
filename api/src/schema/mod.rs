//! The GraphQL schema. Each kind of object has a folder with its type, what it can be asked, what
//! can be done with it and how it is loaded.

mod agent;
mod api_token;
mod audit;
mod bot_text;
mod canned_reply;
mod comparator;
mod connection;
mod cursor;
mod customer;
mod diversion;
pub(crate) mod error;
mod event;
mod file;
#[cfg(test)]
mod fuzz;
pub(crate) mod id;
mod identity;
mod introspection;
mod invitation;
mod knowledge;
mod message;
mod node;
mod note;
mod page;
mod presence;
mod project;
mod rate_limit;
mod rating;
mod routing;
mod sandbox;
mod saved_view;
mod scalar;
mod scheduled_message;
mod search;
mod session;
mod sla;
mod staff;
mod statistics;
mod tag;
mod team;
mod telegram_update;
mod ticket;
mod time_range;
mod todo;
mod trigger;
mod typing;
mod user_error;
mod validation;

use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions};
use desk::Desk;
use introspection::IntrospectionIsOff;

pub(crate) use agent::{AgentById, PresenceOfAgent, TeamsOfAgent};
pub(crate) use api_token::ApiTokenById;
pub(crate) use canned_reply::CannedReplyById;
pub(crate) use customer::{CustomerById, ProfileOfCustomer};
pub(crate) use diversion::DiversionLinkById;
pub(crate) use file::FileById;
pub(crate) use invitation::InvitationById;
pub(crate) use knowledge::{AnswersInSession, KnowledgeEntryById, StatisticsOfKnowledge};
pub(crate) use message::{AlbumMessages, MessageById, PinnedInSession};
pub(crate) use note::NoteById;
pub(crate) use project::{ProjectById, StatusOfProject};
pub(crate) use rating::RatingOfSession;
pub(crate) use routing::{DecisionOnSession, PlaceOfSession, RoutingRuleById};
pub(crate) use saved_view::SavedViewById;
pub(crate) use scheduled_message::{ScheduledInSession, ScheduledMessageById};
pub(crate) use session::{EndOfSession, SeenInSession, SessionById};
pub(crate) use sla::{
    ClocksOfSession, ClocksOfTicket, ExplanationOfClock, SlaCalendarById, SlaClockById, StandingOfClock,
};
pub(crate) use staff::LinksOfAgent;
pub(crate) use tag::{TagById, TagsOfCustomer, TagsOfSession};
pub(crate) use team::{GroupsOfTeam, MembersOfTeam, TeamById};
pub(crate) use telegram_update::TelegramUpdateById;
pub(crate) use ticket::{EscalationById, MessagesOfTicket, TicketById, WatchersOfTicket};
pub(crate) use todo::{TodoById, TodosInSession};
pub(crate) use trigger::{FiringsInSession, StatisticsOfTrigger, TriggerById, TriggerFiringById, WordListById};
pub(crate) use validation::Validator;

/// The schema over a desk. An operation runs for whoever its data names by a
/// [`SignedIn`](crate::SignedIn).
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// What can be asked. Every field but `rateLimit` needs an access token.
#[derive(MergedObject, Default)]
pub struct Query(
    agent::ViewerQuery,
    agent::AgentQuery,
    audit::AuditQuery,
    invitation::InvitationQuery,
    project::ProjectQuery,
    session::SessionQuery,
    customer::CustomerQuery,
    saved_view::SavedViewQuery,
    search::SearchQuery,
    session::SessionsLeftQuery,
    ticket::TicketQuery,
    ticket::EscalationDraftQuery,
    ticket::EscalationStatisticsQuery,
    api_token::ApiTokenQuery,
    canned_reply::CannedReplyQuery,
    todo::TodoQuery,
    knowledge::KnowledgeQuery,
    statistics::StatisticsQuery,
    node::NodeQuery,
    rate_limit::RateLimitQuery,
    sla::SlaQuery,
);

/// What can be done. Every field but `signIn`, `tokenRefresh` and `invitationAccept` needs an access token. What is refused
/// for a reason that is to be expected is told in `userErrors` of the payload.
#[derive(MergedObject, Default)]
pub struct Mutation(
    identity::SignIn,
    identity::TokenRefresh,
    identity::SignOut,
    agent::AgentActivate,
    agent::AgentDeactivate,
    invitation::AgentInvite,
    invitation::InvitationAccept,
    invitation::InvitationRevoke,
    project::ProjectCreate,
    project::ProjectUpdate,
    project::ProjectArchive,
    project::ProjectRestore,
    project::ProjectRoleRemove,
    project::ProjectRoleSet,
    project::ProjectSessionLifeUpdate,
    project::ProjectNightUpdate,
    project::ProjectChatThemeUpdate,
    rating::ProjectRatingUpdate,
    session::SessionAssign,
    session::SessionClose,
    session::SessionReopen,
    session::SessionMarkViewed,
    session::SessionParticipantAdd,
    session::SessionParticipantRemove,
    session::SessionPriorityUpdate,
    session::SessionResolve,
    session::SessionStatusUpdate,
    session::SessionTakeOver,
    session::SessionTransferMutation,
    session::SessionsBulk,
    message::MessageSend,
    message::MessageEdit,
    message::MessageDelete,
    message::MessagePin,
    message::MessageUnpin,
    message::MessageDeliverySettle,
    sandbox::SandboxCustomerSend,
    sandbox::SandboxCustomerEdit,
    sandbox::SandboxCustomerReact,
    sandbox::SandboxCustomerBlock,
    sandbox::SandboxCustomerUnblock,
    sandbox::SandboxButtonPress,
    sandbox::SandboxUpdatePush,
    sandbox::SandboxFaultInject,
    sandbox::SandboxFaultsClear,
    sandbox::SandboxClockAdvance,
    saved_view::SavedViewCreate,
    saved_view::SavedViewUpdate,
    saved_view::SavedViewDelete,
    saved_view::SavedViewReorder,
    api_token::ApiTokenCreate,
    api_token::ApiTokenRevoke,
    telegram_update::TelegramUpdateRetry,
    team::TeamCreate,
    team::TeamDelete,
    team::TeamMemberAdd,
    team::TeamMemberRemove,
    team::TeamUpdate,
    team::TeamGroupLinkCreate,
    team::TeamGroupRemove,
    staff::StaffLinkCreate,
    staff::StaffLinkRemove,
    diversion::DiversionLinkCreate,
    diversion::DiversionLinkUpdate,
    tag::TagCreate,
    tag::SessionTagsAdd,
    tag::SessionTagsRemove,
    tag::TagUpdate,
    tag::TagMerge,
    tag::TagArchive,
    tag::TagRestore,
    tag::CustomerTagsAdd,
    tag::CustomerTagsRemove,
    note::NoteCreate,
    note::NoteUpdate,
    note::NoteDelete,
    canned_reply::CannedReplyCreate,
    canned_reply::CannedReplyUpdate,
    canned_reply::CannedReplyDelete,
    scheduled_message::MessageSchedule,
    scheduled_message::ScheduledMessageUpdate,
    scheduled_message::ScheduledMessageCancel,
    ticket::TicketCreate,
    ticket::TicketUpdate,
    ticket::TicketResolve,
    ticket::TicketWatch,
    ticket::TicketUnwatch,
    ticket::TicketMessagesLink,
    ticket::TicketEscalate,
    ticket::EscalationJudge,
    trigger::TriggerCreate,
    trigger::TriggerDefaultsInstall,
    trigger::TriggerUpdate,
    trigger::TriggerRemove,
    trigger::TriggerReorder,
    trigger::TriggerFiringJudge,
    trigger::WordListCreate,
    trigger::WordListUpdate,
    trigger::WordListRemove,
    bot_text::ProjectGreetingUpdate,
    bot_text::ProjectCommandsUpdate,
    customer::CustomerBan,
    customer::CustomerUnban,
    customer::CustomerErase,
    customer::CustomerUpdate,
    customer::CustomerAttributesSet,
    customer::AttributeDefine,
    routing::AgentCapacityUpdate,
    routing::RoutingRuleCreate,
    routing::RoutingRuleRemove,
    routing::RoutingRuleReorder,
    routing::RoutingRuleUpdate,
    routing::RoutingSettingsUpdate,
    typing::TypingSet,
    sla::SlaPolicyUpdate,
    sla::SlaCalendarCreate,
    sla::SlaCalendarUpdate,
    sla::SlaCalendarRemove,
    todo::TodoCreate,
    todo::TodoUpdate,
    todo::TodoDone,
    knowledge::KnowledgeEntryCreate,
    knowledge::KnowledgeEntryUpdate,
    knowledge::KnowledgeEntryArchive,
    knowledge::KnowledgeEntryRestore,
);

/// What can be followed. Every field needs an access token.
#[derive(MergedSubscription, Default)]
pub struct Subscription(
    event::SessionSubscription,
    event::SlaSubscription,
    event::TodoSubscription,
    presence::PresenceSubscription,
    saved_view::SavedViewSubscription,
    typing::TypingSubscription,
);

/// The schema over a desk. Without `introspection` it neither tells of itself nor suggests names.
pub fn build(desk: Desk, introspection: bool) -> Schema {
    let builder = Schema::build(Query::default(), Mutation::default(), Subscription::default()).data(desk);
    if introspection {
        builder.finish()
    } else {
        let closed = builder.disable_introspection().disable_suggestions();
        closed.extension(IntrospectionIsOff).finish()
    }
}

/// The schema in the schema definition language, as it is published in `schema.graphql`.
pub fn sdl() -> String {
    let schema = Schema::build(Query::default(), Mutation::default(), Subscription::default()).finish();
    let options = SDLExportOptions::new().include_specified_by().use_space_ident();
    schema.sdl_with_options(options).trim_end().to_owned() + "\n"
}
