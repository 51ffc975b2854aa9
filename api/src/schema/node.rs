//! Objects by their global ids, whatever their type.

use async_graphql::{Context, ID, Interface, Object};
use domain::{
    AgentId, ApiTokenId, CannedReplyId, CustomerId, DiversionLinkId, EscalationId, FileId, InvitationId,
    KnowledgeEntryId, MessageId, NoteId, ProjectId, RoutingRuleId, SavedViewId, ScheduledMessageId, SessionId,
    SlaCalendarId, SlaClockId, TagId, TeamId, TicketId, TodoId, TriggerFiringId, TriggerId, UpdateRowId, WordListId,
};
use futures_util::future::try_join_all;

use super::agent::Agent;
use super::api_token::ApiToken;
use super::canned_reply::CannedReply;
use super::customer::Customer;
use super::diversion::DiversionLink;
use super::error::{Failure, Result};
use super::file::File;
use super::id::{Id, Kind};
use super::invitation::Invitation;
use super::knowledge::KnowledgeEntry;
use super::message::Message;
use super::note::Note;
use super::project::Project;
use super::routing::RoutingRule;
use super::saved_view::SavedView;
use super::scheduled_message::ScheduledMessage;
use super::session::Session;
use super::sla::{SlaCalendar, SlaClock};
use super::tag::Tag;
use super::team::Team;
use super::telegram_update::TelegramUpdate;
use super::ticket::{Escalation, Ticket};
use super::todo::Todo;
use super::trigger::{Trigger, TriggerFiring, WordList};
use crate::transport::ErrorCode;
use crate::view::View;

/// The most ids of one `nodes`.
const NODES: usize = 100;

/// An object with a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "Id", desc = "The global id: opaque, and unique among all objects of the desk."))]
pub(crate) enum Node {
    Agent(Agent),
    ApiToken(ApiToken),
    CannedReply(CannedReply),
    Customer(Customer),
    DiversionLink(DiversionLink),
    Escalation(Escalation),
    File(File),
    Invitation(Invitation),
    KnowledgeEntry(KnowledgeEntry),
    Message(Message),
    Note(Note),
    Project(Project),
    SavedView(SavedView),
    RoutingRule(RoutingRule),
    ScheduledMessage(ScheduledMessage),
    Session(Session),
    SlaCalendar(SlaCalendar),
    SlaClock(SlaClock),
    Tag(Tag),
    Team(Team),
    TelegramUpdate(TelegramUpdate),
    Ticket(Ticket),
    Todo(Todo),
    Trigger(Trigger),
    TriggerFiring(TriggerFiring),
    WordList(WordList),
}

impl Node {
    /// The object with an id, if there is one that the agent may see.
    async fn load(id: Id, view: &View) -> Result<Option<Self>> {
        let loaders = view.loaders();
        Ok(match id.kind {
            Kind::Agent => loaders.agents().load(AgentId(id.number)).await?.map(|agent| Agent::new(agent, view).into()),
            Kind::ApiToken => {
                loaders.api_tokens().load(ApiTokenId(id.number)).await?.map(|token| ApiToken::new(token, view).into())
            }
            Kind::CannedReply => {
                let reply = loaders.canned_replies().load(CannedReplyId(id.number)).await?;
                reply.map(|reply| CannedReply::new(reply, view).into())
            }
            Kind::Customer => {
                let customer = loaders.customers().load(CustomerId(id.number)).await?;
                customer.map(|customer| Customer::new(customer, view).into())
            }
            Kind::Escalation => {
                let escalation = loaders.escalations().load(EscalationId(id.number)).await?;
                escalation.map(|escalation| Escalation::new(escalation, view).into())
            }
            Kind::File => loaders.files().load(FileId(id.number)).await?.map(|file| File::new(file).into()),
            Kind::Invitation => {
                let invitation = loaders.invitations().load(InvitationId(id.number)).await?;
                invitation.map(|invitation| Invitation::new(invitation, view).into())
            }
            Kind::KnowledgeEntry => {
                let entry = loaders.knowledge_entries().load(KnowledgeEntryId(id.number)).await?;
                entry.map(|entry| KnowledgeEntry::new(entry, view).into())
            }
            Kind::Message => {
                loaders.messages().load(MessageId(id.number)).await?.map(|message| Message::new(message, view).into())
            }
            Kind::Note => loaders.notes().load(NoteId(id.number)).await?.map(|note| Note::new(note, view).into()),
            Kind::Project => {
                loaders.projects().load(ProjectId(id.number)).await?.map(|project| Project::new(project, view).into())
            }
            Kind::SavedView => {
                let saved = loaders.saved_views().load(SavedViewId(id.number)).await?;
                saved.map(|saved| SavedView::new(saved, view).into())
            }
            Kind::ScheduledMessage => {
                let message = loaders.scheduled_messages().load(ScheduledMessageId(id.number)).await?;
                message.map(|message| ScheduledMessage::new(message, view).into())
            }
            Kind::RoutingRule => {
                let rule = loaders.routing_rules().load(RoutingRuleId(id.number)).await?;
                rule.map(|rule| RoutingRule::new(rule, view).into())
            }
            Kind::DiversionLink => {
                let link = loaders.diversion_links().load(DiversionLinkId(id.number)).await?;
                link.map(|link| DiversionLink::new(link, view).into())
            }
            Kind::Tag => loaders.tags().load(TagId(id.number)).await?.map(|tag| Tag::new(tag).into()),
            Kind::Team => loaders.teams().load(TeamId(id.number)).await?.map(|team| Team::new(team, view).into()),
            Kind::Session => {
                loaders.sessions().load(SessionId(id.number)).await?.map(|session| Session::new(session, view).into())
            }
            Kind::SlaCalendar => {
                let calendar = loaders.sla_calendars().load(SlaCalendarId(id.number)).await?;
                calendar.map(|calendar| SlaCalendar::new(calendar).into())
            }
            Kind::SlaClock => {
                let clock = loaders.sla_clocks().load(SlaClockId(id.number)).await?;
                clock.map(|clock| SlaClock::new(clock, view).into())
            }
            Kind::Ticket => {
                loaders.tickets().load(TicketId(id.number)).await?.map(|ticket| Ticket::new(ticket, view).into())
            }
            Kind::Todo => loaders.todos().load(TodoId(id.number)).await?.map(|todo| Todo::new(todo, view).into()),
            Kind::Trigger => {
                loaders.triggers().load(TriggerId(id.number)).await?.map(|trigger| Trigger::new(trigger, view).into())
            }
            Kind::TriggerFiring => {
                let firing = loaders.trigger_firings().load(TriggerFiringId(id.number)).await?;
                firing.map(|firing| TriggerFiring::new(firing, view).into())
            }
            Kind::WordList => {
                loaders.word_lists().load(WordListId(id.number)).await?.map(|list| WordList::new(list).into())
            }
            Kind::TelegramUpdate => {
                let update = loaders.telegram_updates().load(UpdateRowId(id.number)).await?;
                update.map(|update| TelegramUpdate::new(update, view).into())
            }
        })
    }
}

#[derive(Default)]
pub(crate) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// One object. Null if there is none with this id or you may not see it.
    async fn node(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the object.")] id: ID,
    ) -> Result<Option<Node>> {
        let view = View::of(context).await?;
        Node::load(Id::parse(&id)?, view).await
    }

    /// Several objects, in the order of their ids. Null in place of one that there is not or that you may not see.
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global ids of the objects, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        let view = View::of(context).await?;
        if ids.len() > NODES {
            let message = format!("`nodes` takes at most {NODES} ids: ask for the others in another request.");
            return Err(Failure::new(ErrorCode::InvalidArgument, message));
        }
        let ids = ids.iter().map(|id| Id::parse(id)).collect::<Result<Vec<_>, _>>()?;
        try_join_all(ids.into_iter().map(|id| Node::load(id, view))).await
    }
}
