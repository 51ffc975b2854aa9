//! The loaders of one answer.

use std::sync::{Arc, OnceLock};

use super::{Loader, Relation, Source};
use crate::schema::{
    AgentById, AlbumMessages, AnswersInSession, ApiTokenById, CannedReplyById, ClocksOfSession, ClocksOfTicket,
    CustomerById, DecisionOnSession, DiversionLinkById, EndOfSession, EscalationById, ExplanationOfClock, FileById,
    FiringsInSession, GroupsOfTeam, InvitationById, KnowledgeEntryById, LinksOfAgent, MembersOfTeam, MessageById,
    MessagesOfTicket, NoteById, PinnedInSession, PlaceOfSession, PresenceOfAgent, ProfileOfCustomer, ProjectById,
    RatingOfSession, RoutingRuleById, SavedViewById, ScheduledInSession, ScheduledMessageById, SeenInSession,
    SessionById, SlaCalendarById, SlaClockById, StandingOfClock, StatisticsOfKnowledge, StatisticsOfTrigger,
    StatusOfProject, TagById, TagsOfCustomer, TagsOfSession, TeamById, TeamsOfAgent, TelegramUpdateById, TicketById,
    TodoById, TodosInSession, TriggerById, TriggerFiringById, WatchersOfTicket, WordListById,
};

/// One loader for each relation. A loader is made when it is first used: most answers need few.
pub(crate) struct Loaders {
    source: Arc<Source>,
    agents: OnceLock<Loader<AgentById>>,
    albums: OnceLock<Loader<AlbumMessages>>,
    api_tokens: OnceLock<Loader<ApiTokenById>>,
    canned_replies: OnceLock<Loader<CannedReplyById>>,
    customers: OnceLock<Loader<CustomerById>>,
    customer_profiles: OnceLock<Loader<ProfileOfCustomer>>,
    customer_tags: OnceLock<Loader<TagsOfCustomer>>,
    diversion_links: OnceLock<Loader<DiversionLinkById>>,
    notes: OnceLock<Loader<NoteById>>,
    pinned: OnceLock<Loader<PinnedInSession>>,
    scheduled: OnceLock<Loader<ScheduledInSession>>,
    scheduled_messages: OnceLock<Loader<ScheduledMessageById>>,
    ends: OnceLock<Loader<EndOfSession>>,
    firings: OnceLock<Loader<FiringsInSession>>,
    trigger_firings: OnceLock<Loader<TriggerFiringById>>,
    trigger_statistics: OnceLock<Loader<StatisticsOfTrigger>>,
    triggers: OnceLock<Loader<TriggerById>>,
    word_lists: OnceLock<Loader<WordListById>>,
    session_tags: OnceLock<Loader<TagsOfSession>>,
    staff_links: OnceLock<Loader<LinksOfAgent>>,
    tags: OnceLock<Loader<TagById>>,
    team_groups: OnceLock<Loader<GroupsOfTeam>>,
    teams: OnceLock<Loader<TeamById>>,
    files: OnceLock<Loader<FileById>>,
    invitations: OnceLock<Loader<InvitationById>>,
    team_members: OnceLock<Loader<MembersOfTeam>>,
    teams_of_agents: OnceLock<Loader<TeamsOfAgent>>,
    messages: OnceLock<Loader<MessageById>>,
    presence_of_agents: OnceLock<Loader<PresenceOfAgent>>,
    projects: OnceLock<Loader<ProjectById>>,
    ratings: OnceLock<Loader<RatingOfSession>>,
    saved_views: OnceLock<Loader<SavedViewById>>,
    queue_places: OnceLock<Loader<PlaceOfSession>>,
    routing_decisions: OnceLock<Loader<DecisionOnSession>>,
    routing_rules: OnceLock<Loader<RoutingRuleById>>,
    sessions: OnceLock<Loader<SessionById>>,
    seen: OnceLock<Loader<SeenInSession>>,
    sla_calendars: OnceLock<Loader<SlaCalendarById>>,
    sla_clocks: OnceLock<Loader<SlaClockById>>,
    sla_clocks_of_sessions: OnceLock<Loader<ClocksOfSession>>,
    sla_clocks_of_tickets: OnceLock<Loader<ClocksOfTicket>>,
    sla_explanations: OnceLock<Loader<ExplanationOfClock>>,
    sla_standings: OnceLock<Loader<StandingOfClock>>,
    telegram_status: OnceLock<Loader<StatusOfProject>>,
    telegram_updates: OnceLock<Loader<TelegramUpdateById>>,
    escalations: OnceLock<Loader<EscalationById>>,
    ticket_messages: OnceLock<Loader<MessagesOfTicket>>,
    ticket_watchers: OnceLock<Loader<WatchersOfTicket>>,
    tickets: OnceLock<Loader<TicketById>>,
    todos: OnceLock<Loader<TodoById>>,
    todos_of_sessions: OnceLock<Loader<TodosInSession>>,
    knowledge_answers: OnceLock<Loader<AnswersInSession>>,
    knowledge_entries: OnceLock<Loader<KnowledgeEntryById>>,
    knowledge_statistics: OnceLock<Loader<StatisticsOfKnowledge>>,
}

impl Loaders {
    pub(crate) fn new(source: Arc<Source>) -> Self {
        Self {
            source,
            agents: OnceLock::new(),
            albums: OnceLock::new(),
            api_tokens: OnceLock::new(),
            canned_replies: OnceLock::new(),
            customers: OnceLock::new(),
            customer_profiles: OnceLock::new(),
            customer_tags: OnceLock::new(),
            diversion_links: OnceLock::new(),
            notes: OnceLock::new(),
            pinned: OnceLock::new(),
            scheduled: OnceLock::new(),
            scheduled_messages: OnceLock::new(),
            ends: OnceLock::new(),
            firings: OnceLock::new(),
            trigger_firings: OnceLock::new(),
            trigger_statistics: OnceLock::new(),
            triggers: OnceLock::new(),
            word_lists: OnceLock::new(),
            session_tags: OnceLock::new(),
            staff_links: OnceLock::new(),
            tags: OnceLock::new(),
            team_groups: OnceLock::new(),
            teams: OnceLock::new(),
            files: OnceLock::new(),
            invitations: OnceLock::new(),
            team_members: OnceLock::new(),
            teams_of_agents: OnceLock::new(),
            messages: OnceLock::new(),
            presence_of_agents: OnceLock::new(),
            projects: OnceLock::new(),
            ratings: OnceLock::new(),
            saved_views: OnceLock::new(),
            queue_places: OnceLock::new(),
            routing_decisions: OnceLock::new(),
            routing_rules: OnceLock::new(),
            sessions: OnceLock::new(),
            seen: OnceLock::new(),
            sla_calendars: OnceLock::new(),
            sla_clocks: OnceLock::new(),
            sla_clocks_of_sessions: OnceLock::new(),
            sla_clocks_of_tickets: OnceLock::new(),
            sla_explanations: OnceLock::new(),
            sla_standings: OnceLock::new(),
            telegram_status: OnceLock::new(),
            telegram_updates: OnceLock::new(),
            escalations: OnceLock::new(),
            ticket_messages: OnceLock::new(),
            ticket_watchers: OnceLock::new(),
            tickets: OnceLock::new(),
            todos: OnceLock::new(),
            todos_of_sessions: OnceLock::new(),
            knowledge_answers: OnceLock::new(),
            knowledge_entries: OnceLock::new(),
            knowledge_statistics: OnceLock::new(),
        }
    }

    pub(crate) fn agents(&self) -> &Loader<AgentById> {
        self.loader(&self.agents)
    }

    /// The messages of an album of a session.
    pub(crate) fn albums(&self) -> &Loader<AlbumMessages> {
        self.loader(&self.albums)
    }

    pub(crate) fn api_tokens(&self) -> &Loader<ApiTokenById> {
        self.loader(&self.api_tokens)
    }

    pub(crate) fn customers(&self) -> &Loader<CustomerById> {
        self.loader(&self.customers)
    }

    /// What is known of a customer beside what Telegram says.
    pub(crate) fn customer_profiles(&self) -> &Loader<ProfileOfCustomer> {
        self.loader(&self.customer_profiles)
    }

    pub(crate) fn files(&self) -> &Loader<FileById> {
        self.loader(&self.files)
    }

    pub(crate) fn invitations(&self) -> &Loader<InvitationById> {
        self.loader(&self.invitations)
    }

    /// The agents who are in a team.
    pub(crate) fn team_members(&self) -> &Loader<MembersOfTeam> {
        self.loader(&self.team_members)
    }

    /// The teams that an agent is in.
    pub(crate) fn teams_of_agents(&self) -> &Loader<TeamsOfAgent> {
        self.loader(&self.teams_of_agents)
    }

    pub(crate) fn messages(&self) -> &Loader<MessageById> {
        self.loader(&self.messages)
    }

    /// Whether an agent is there in a project.
    pub(crate) fn presence_of_agents(&self) -> &Loader<PresenceOfAgent> {
        self.loader(&self.presence_of_agents)
    }

    pub(crate) fn projects(&self) -> &Loader<ProjectById> {
        self.loader(&self.projects)
    }

    /// What the customer of a session thinks of it.
    pub(crate) fn ratings(&self) -> &Loader<RatingOfSession> {
        self.loader(&self.ratings)
    }

    pub(crate) fn saved_views(&self) -> &Loader<SavedViewById> {
        self.loader(&self.saved_views)
    }

    /// The place of a session in line.
    pub(crate) fn queue_places(&self) -> &Loader<PlaceOfSession> {
        self.loader(&self.queue_places)
    }

    /// The last decision of the desk about a session.
    pub(crate) fn routing_decisions(&self) -> &Loader<DecisionOnSession> {
        self.loader(&self.routing_decisions)
    }

    pub(crate) fn routing_rules(&self) -> &Loader<RoutingRuleById> {
        self.loader(&self.routing_rules)
    }

    pub(crate) fn sessions(&self) -> &Loader<SessionById> {
        self.loader(&self.sessions)
    }

    /// How many inbound messages of a session the agent has seen.
    pub(crate) fn seen(&self) -> &Loader<SeenInSession> {
        self.loader(&self.seen)
    }

    pub(crate) fn sla_calendars(&self) -> &Loader<SlaCalendarById> {
        self.loader(&self.sla_calendars)
    }

    pub(crate) fn sla_clocks(&self) -> &Loader<SlaClockById> {
        self.loader(&self.sla_clocks)
    }

    /// The newest clock of each promise about a session.
    pub(crate) fn sla_clocks_of_sessions(&self) -> &Loader<ClocksOfSession> {
        self.loader(&self.sla_clocks_of_sessions)
    }

    /// The newest clock of each promise about a ticket.
    pub(crate) fn sla_clocks_of_tickets(&self) -> &Loader<ClocksOfTicket> {
        self.loader(&self.sla_clocks_of_tickets)
    }

    /// The stretches of a clock's time.
    pub(crate) fn sla_explanations(&self) -> &Loader<ExplanationOfClock> {
        self.loader(&self.sla_explanations)
    }

    /// Where a clock stands by what happened to it.
    pub(crate) fn sla_standings(&self) -> &Loader<StandingOfClock> {
        self.loader(&self.sla_standings)
    }

    /// How the bot of a project is doing.
    pub(crate) fn telegram_status(&self) -> &Loader<StatusOfProject> {
        self.loader(&self.telegram_status)
    }

    pub(crate) fn telegram_updates(&self) -> &Loader<TelegramUpdateById> {
        self.loader(&self.telegram_updates)
    }

    pub(crate) fn tickets(&self) -> &Loader<TicketById> {
        self.loader(&self.tickets)
    }

    /// Those who watch a ticket.
    pub(crate) fn ticket_watchers(&self) -> &Loader<WatchersOfTicket> {
        self.loader(&self.ticket_watchers)
    }

    /// The messages that people linked to a ticket.
    pub(crate) fn ticket_messages(&self) -> &Loader<MessagesOfTicket> {
        self.loader(&self.ticket_messages)
    }

    pub(crate) fn escalations(&self) -> &Loader<EscalationById> {
        self.loader(&self.escalations)
    }

    pub(crate) fn todos(&self) -> &Loader<TodoById> {
        self.loader(&self.todos)
    }

    /// The to-dos of a session.
    pub(crate) fn todos_of_sessions(&self) -> &Loader<TodosInSession> {
        self.loader(&self.todos_of_sessions)
    }

    /// What the bot answered in a session.
    pub(crate) fn knowledge_answers(&self) -> &Loader<AnswersInSession> {
        self.loader(&self.knowledge_answers)
    }

    pub(crate) fn knowledge_entries(&self) -> &Loader<KnowledgeEntryById> {
        self.loader(&self.knowledge_entries)
    }

    /// What became of the answers by a knowledge entry.
    pub(crate) fn knowledge_statistics(&self) -> &Loader<StatisticsOfKnowledge> {
        self.loader(&self.knowledge_statistics)
    }

    pub(crate) fn diversion_links(&self) -> &Loader<DiversionLinkById> {
        self.loader(&self.diversion_links)
    }

    /// The tags of a session.
    pub(crate) fn session_tags(&self) -> &Loader<TagsOfSession> {
        self.loader(&self.session_tags)
    }

    /// The linked accounts of an agent.
    pub(crate) fn staff_links(&self) -> &Loader<LinksOfAgent> {
        self.loader(&self.staff_links)
    }

    pub(crate) fn tags(&self) -> &Loader<TagById> {
        self.loader(&self.tags)
    }

    /// The groups that get the notices of a team.
    pub(crate) fn team_groups(&self) -> &Loader<GroupsOfTeam> {
        self.loader(&self.team_groups)
    }

    pub(crate) fn teams(&self) -> &Loader<TeamById> {
        self.loader(&self.teams)
    }

    pub(crate) fn canned_replies(&self) -> &Loader<CannedReplyById> {
        self.loader(&self.canned_replies)
    }

    /// The tags of a customer.
    pub(crate) fn customer_tags(&self) -> &Loader<TagsOfCustomer> {
        self.loader(&self.customer_tags)
    }

    pub(crate) fn notes(&self) -> &Loader<NoteById> {
        self.loader(&self.notes)
    }

    /// The pinned messages of a session.
    pub(crate) fn pinned(&self) -> &Loader<PinnedInSession> {
        self.loader(&self.pinned)
    }

    /// The messages for later of a session.
    pub(crate) fn scheduled(&self) -> &Loader<ScheduledInSession> {
        self.loader(&self.scheduled)
    }

    pub(crate) fn scheduled_messages(&self) -> &Loader<ScheduledMessageById> {
        self.loader(&self.scheduled_messages)
    }

    /// How often a trigger fired, for those who supervise its project.
    pub(crate) fn trigger_statistics(&self) -> &Loader<StatisticsOfTrigger> {
        self.loader(&self.trigger_statistics)
    }

    /// When a session ended for the agent.
    pub(crate) fn ends(&self) -> &Loader<EndOfSession> {
        self.loader(&self.ends)
    }

    /// What triggers fired in a session.
    pub(crate) fn firings(&self) -> &Loader<FiringsInSession> {
        self.loader(&self.firings)
    }

    pub(crate) fn trigger_firings(&self) -> &Loader<TriggerFiringById> {
        self.loader(&self.trigger_firings)
    }

    pub(crate) fn triggers(&self) -> &Loader<TriggerById> {
        self.loader(&self.triggers)
    }

    pub(crate) fn word_lists(&self) -> &Loader<WordListById> {
        self.loader(&self.word_lists)
    }

    fn loader<'a, R: Relation>(&self, loader: &'a OnceLock<Loader<R>>) -> &'a Loader<R> {
        loader.get_or_init(|| Loader::new(self.source.clone()))
    }
}
