//! The catalogue of queries: each line makes one method that calls the query of the engine.

use domain::customer::Profile;
use domain::event::NewEvent;
use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder};
use domain::{
    Agent, AgentId, ApiToken, ApiTokenId, ChatId, Customer, CustomerId, Delivery, Event, JobId, Message, MessageId,
    OutboxId, Position, Project, ProjectId, Role, Session, SessionId, TelegramUserId, Time, TokenFamilyId, UpdateRowId,
    WorkspaceId,
};

use crate::agents::NewAgent;
use crate::api_tokens::{NewApiToken, Owners};
use crate::error::Result;
use crate::events::Scope;
use crate::idempotency::Answered;
use crate::inbox::{FailedUpdate, NewUpdate, StoredUpdate};
use crate::jobs::{Job, NewJob};
use crate::messages::NewMessage;
use crate::outbox::{NewCall, OpenTry, OutboxState, QueuedCall};
use crate::projects::{BotRecord, NewProject};
use crate::sessions::NewSession;
use crate::tokens::RefreshToken;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

macro_rules! catalogue {
    ($on:ident: $($(#[$meta:meta])* $name:ident = $module:ident::$query:ident($($arg:ident: $ty:ty),*) -> $out:ty;)+) => {
        impl $on { $(
            $(#[$meta])*
            pub async fn $name(&mut self, $($arg: $ty),*) -> Result<$out> {
                metrics::counter!("switchboard_statements_total").increment(1);
                let begun = self.begin_statement();
                let outcome = match self.lease() {
                    Lease::Sqlite(conn) => sqlite::queries::$module::$query(conn, $($arg),*).await,
                    Lease::Postgres(conn) => postgres::queries::$module::$query(conn, $($arg),*).await,
                };
                self.end_statement(begun, outcome)
            }
        )+ }
    };
}

catalogue! { Queries:
    /// The value under a key of the desk's own facts.
    meta = meta::get(key: &str) -> Option<String>;
    /// The time of the database in microseconds; fails if the database does not answer.
    now_micros = meta::now_micros() -> i64;

    /// The first workspace of this desk, if it has been set up.
    first_workspace = agents::first_workspace() -> Option<WorkspaceId>;
    /// One agent.
    agent = agents::find(id: AgentId) -> Option<Agent>;
    /// The agents with these identifiers, in no order.
    agents = agents::many(ids: &[i64]) -> Vec<Agent>;
    /// Every agent of a workspace, by name.
    agents_of_workspace = agents::of_workspace(workspace: WorkspaceId) -> Vec<Agent>;
    /// The agent with an e-mail address in its normal form, and the hash of the password.
    agent_by_email = agents::by_email(email: &str) -> Option<(Agent, String)>;
    /// The projects an agent belongs to, with the role in each.
    memberships = agents::memberships(agent: AgentId) -> Vec<(ProjectId, Role)>;
    /// The roles that these agents have in projects, in no order.
    memberships_of = agents::memberships_of(agents: &[i64]) -> Vec<(AgentId, ProjectId, Role)>;
    /// Those of the families of refresh tokens that have neither been ended nor run out, each with
    /// its agent and when it runs out, in no order.
    live_token_families = tokens::live(families: &[i64], now: Time) -> Vec<(TokenFamilyId, AgentId, Time)>;
    /// Whether a refresh token with this hash was ever given out and is kept still.
    is_refresh_token_known = tokens::is_known(hash: &str) -> bool;

    /// The API token with this hash.
    api_token_by_hash = api_tokens::by_hash(hash: &str) -> Option<ApiTokenId>;
    /// The API tokens with these identifiers, in no order.
    api_tokens = api_tokens::many(ids: &[i64]) -> Vec<ApiToken>;
    /// One page of API tokens, newest first, in the order of reading from the asked end.
    api_token_page = api_tokens::page(owners: Owners, page: Page<ApiTokenId>) -> Vec<ApiToken>;
    /// How many API tokens there are, revoked ones included.
    api_token_count = api_tokens::count(owners: Owners) -> i64;
    /// How many API tokens of an agent are taken at a time.
    live_api_token_count = api_tokens::count_live(agent: AgentId, now: Time) -> i64;

    /// One project.
    project = projects::find(id: ProjectId) -> Option<Project>;
    /// The projects with these identifiers, in no order.
    projects = projects::many(ids: &[i64]) -> Vec<Project>;
    /// The project of the bot that Telegram numbers so.
    project_by_bot_id = projects::by_bot_id(bot_id: i64) -> Option<Project>;
    /// Every project of a workspace, oldest first.
    projects_of_workspace = projects::of_workspace(workspace: WorkspaceId) -> Vec<Project>;
    /// Every bot there is, simulated ones included.
    bots = projects::bots() -> Vec<BotRecord>;

    /// The customers with these identifiers, in no order.
    customers = customers::many(ids: &[i64]) -> Vec<Customer>;
    /// The customer that a Telegram user is in a project.
    customer_by_telegram_user = customers::by_telegram_user(project: ProjectId, user: TelegramUserId) -> Option<Customer>;

    /// One session.
    session = sessions::find(id: SessionId) -> Option<Session>;
    /// The sessions with these identifiers, in no order.
    sessions = sessions::many(ids: &[i64]) -> Vec<Session>;
    /// One page of a project's sessions, in the order of reading from the asked end.
    session_page = sessions::page(project: ProjectId, filter: &SessionFilter, order: SessionOrder, page: Page<SessionKey>) -> Vec<Session>;
    /// How many of a project's sessions a filter lets through.
    session_count = sessions::count(project: ProjectId, filter: &SessionFilter) -> i64;
    /// How many inbound messages of each session the agent has seen.
    seen = views::seen(agent: AgentId, sessions: &[i64]) -> Vec<(SessionId, i64)>;

    /// One message.
    message = messages::find(id: MessageId) -> Option<Message>;
    /// The messages with these identifiers, in no order.
    messages = messages::many(ids: &[i64]) -> Vec<Message>;
    /// The message that Telegram numbers so within a chat, or within a business account's part of it.
    message_by_telegram_id = messages::by_telegram_id(project: ProjectId, chat: ChatId, connection: &str, telegram_message_id: i64) -> Option<Message>;
    /// One page of a session's messages, in the order of reading from the asked end.
    message_page = messages::page(session: SessionId, page: Page<MessageId>) -> Vec<Message>;
    /// How many messages a session has.
    message_count = messages::count(session: SessionId) -> i64;

    /// The events that come after a position, in the order of the log.
    events_after = events::after(scope: Scope, position: Position, limit: i64) -> Vec<Event>;
    /// The position of the newest event that readers may see.
    event_head = events::head() -> Position;
    /// Whether the log has an event in this very place.
    has_event = events::has(position: Position) -> bool;
    /// The oldest events of the log with the time each was written.
    oldest_events = events::oldest(limit: i64) -> Vec<(Position, Time)>;

    /// The raw text that is stored under an update number, if one is.
    update_raw = inbox::raw(project: ProjectId, epoch: i64, update_id: i64) -> Option<String>;
    /// Whether an update waits that is due.
    has_due_update = inbox::has_due(now: Time) -> bool;
    /// The updates that were given up, oldest first.
    failed_updates = inbox::failed(limit: i64) -> Vec<FailedUpdate>;
    /// Which series of numbers a bot is in, if it ever began another one than the first.
    intake_epoch = inbox::epoch(project: ProjectId) -> Option<i64>;
    /// When the next call of a bot is due that no other one of its chat goes before, in
    /// microseconds since 1970.
    next_call_due = outbox::next_due(project: ProjectId) -> Option<i64>;
    /// How many leases are held now whose names begin so.
    lease_count = leases::count(prefix: &str) -> i64;
    /// When the next job is due, in microseconds since 1970.
    next_job_due = jobs::next_due() -> Option<i64>;
    /// The earlier answer under an idempotency key that is younger than `since`.
    answered = idempotency::find(agent: AgentId, key: &str, since: Time) -> Option<Answered>;
    /// The updates of a simulated bot from a number on that have not been handed over.
    sandbox_pending = sandbox::pending(project: ProjectId, from: i64, limit: i64) -> Vec<(i64, String)>;
}

catalogue! { Tx:
    /// Sets a fact about the desk unless it is set, and answers the one that stands.
    settle_meta = meta::settle(key: &str, value: &str) -> String;
    /// Sets a fact about the desk.
    set_meta = meta::set(key: &str, value: &str) -> ();

    /// Adds a workspace.
    insert_workspace = agents::insert_workspace(name: &str, now: Time) -> WorkspaceId;
    /// Adds an agent.
    insert_agent = agents::insert(agent: &NewAgent) -> Agent;
    /// Whether an agent may sign in, and the hash of the password, locked.
    lock_credentials = agents::lock_credentials(id: AgentId) -> Option<(bool, String)>;
    /// Replaces the hash of an agent's password.
    set_password = agents::set_password(id: AgentId, hash: &str) -> ();
    /// Lets an agent sign in, or no longer.
    set_agent_active = agents::set_active(id: AgentId, active: bool) -> ();
    /// Gives an agent a role in a project, in place of an earlier one.
    set_membership = agents::set_membership(project: ProjectId, agent: AgentId, role: Role) -> ();
    /// Takes an agent's role in a project away. Answers whether there was one.
    remove_membership = agents::remove_membership(project: ProjectId, agent: AgentId) -> bool;

    /// Starts a family of refresh tokens at sign-in.
    insert_token_family = tokens::insert_family(agent: AgentId, now: Time, expires_at: Time) -> TokenFamilyId;
    /// Adds the live token of a family.
    insert_refresh_token = tokens::insert(hash: &str, family: TokenFamilyId) -> ();
    /// The refresh token with this hash and its family, locked.
    lock_refresh_token = tokens::lock(hash: &str) -> Option<RefreshToken>;
    /// Marks a refresh token as used.
    use_up_refresh_token = tokens::use_up(hash: &str, now: Time) -> ();
    /// Ends a family of refresh tokens.
    revoke_token_family = tokens::revoke_family(family: TokenFamilyId, now: Time) -> ();
    /// Ends every family of refresh tokens of an agent.
    revoke_tokens_of_agent = tokens::revoke_agent(agent: AgentId, now: Time) -> ();

    /// Adds an API token.
    insert_api_token = api_tokens::insert(token: &NewApiToken) -> ApiToken;
    /// Ends an API token, unless it was ended before.
    revoke_api_token = api_tokens::revoke(id: ApiTokenId, now: Time) -> ();
    /// Ends every API token of an agent.
    revoke_api_tokens_of_agent = api_tokens::revoke_agent(agent: AgentId, now: Time) -> usize;
    /// Notes that an API token was used, unless a use after `before` is noted.
    note_api_token_use = api_tokens::note_use(id: ApiTokenId, now: Time, before: Time) -> ();
    /// Keeps an API token under another hash of the same secret.
    set_api_token_hash = api_tokens::set_hash(id: ApiTokenId, hash: &str) -> ();

    /// Adds a project.
    insert_project = projects::insert(project: &NewProject) -> Project;
    /// Keeps the sealed token of a project's bot.
    set_bot_token = projects::set_bot_token(id: ProjectId, sealed: &str) -> ();
    /// Keeps the user name that Telegram gives the bot.
    set_bot_username = projects::set_bot_username(id: ProjectId, username: &str) -> ();
    /// Moves a project's clock forward.
    advance_clock = projects::advance_clock(id: ProjectId, by_micros: i64) -> Project;
    /// Takes the next number for a session of a project.
    next_session_number = projects::next_session_number(id: ProjectId) -> i64;

    /// Adds a customer.
    insert_customer = customers::insert(project: ProjectId, chat: ChatId, profile: &Profile, now: Time) -> Customer;
    /// Writes everything about a customer that can change.
    update_customer = customers::update(customer: &Customer) -> ();
    /// Notes that Telegram no longer delivers to a customer.
    set_unreachable = customers::set_unreachable(id: CustomerId, since: Time) -> ();

    /// One session, which nobody else changes until the transaction ends.
    lock_session = sessions::lock(id: SessionId) -> Option<Session>;
    /// One session as above; nothing, without waiting, if another transaction has it.
    lock_session_if_free = sessions::lock_if_free(id: SessionId) -> Option<Session>;
    /// The customer's newest session, locked.
    lock_newest_session = sessions::lock_newest(customer: CustomerId) -> Option<Session>;
    /// Adds a session without messages.
    insert_session = sessions::insert(session: &NewSession) -> Session;
    /// Writes everything about a session that can change.
    update_session = sessions::update(session: &Session) -> ();
    /// Notes how many inbound messages of a session an agent has seen.
    mark_seen = views::mark(session: SessionId, agent: AgentId, inbound_seen: i64) -> ();

    /// Adds a message.
    insert_message = messages::insert(message: &NewMessage) -> Message;
    /// Writes what Telegram answered to the sending of a message.
    set_delivery = messages::set_delivery(id: MessageId, delivery: &Delivery, telegram_message_id: Option<i64>) -> ();
    /// Writes a message's text as its author changed it.
    set_message_text = messages::set_text(id: MessageId, text: &str, entities: Option<&str>, edited_at: Time) -> ();

    /// Writes events in this order. `recorded_at` is the wall clock, for retention.
    append_events = events::append(new: &[NewEvent], recorded_at: Time) -> ();
    /// Deletes the events up to a position and that one itself.
    delete_events_through = events::delete_through(position: Position) -> usize;

    /// Stores updates from Telegram and leaves out those that are stored. Answers how many
    /// are new.
    insert_updates = inbox::insert(updates: &[NewUpdate], now: Time) -> usize;
    /// Notes that a bot is in a series of numbers, unless it is in a later one.
    raise_intake_epoch = inbox::raise_epoch(project: ProjectId, epoch: i64) -> ();
    /// Locks the next updates that are due, at most one of each chat.
    claim_updates = inbox::claim(now: Time, limit: i64) -> Vec<StoredUpdate>;
    /// Notes that updates have been worked off.
    finish_updates = inbox::finish(ids: &[i64]) -> ();
    /// Notes that working off an update failed.
    fail_update = inbox::fail(id: UpdateRowId, error: &str, try_again_at: Option<Time>) -> ();
    /// Has an update that was given up worked off again. Answers whether there is such a one.
    retry_update = inbox::retry(id: UpdateRowId, now: Time) -> bool;

    /// Adds a call to Telegram.
    insert_call = outbox::insert(call: &NewCall, now: Time) -> ();
    /// The next calls of a bot that are due, at most one of each chat.
    claim_calls = outbox::claim(project: ProjectId, now: Time, limit: i64) -> Vec<QueuedCall>;
    /// Names the try that is about to be made of these calls.
    start_calls = outbox::start(ids: &[i64], attempt: &str) -> ();
    /// A call, if this try may still settle it, locked.
    lock_try = outbox::lock_try(id: OutboxId, attempt: &str) -> Option<OpenTry>;
    /// Writes how a call ended.
    settle_call = outbox::settle(id: OutboxId, state: OutboxState, error: Option<&str>, now: Time) -> ();
    /// Puts a call back in its place, to be tried again at a time.
    requeue_call = outbox::requeue(id: OutboxId, not_before: Time, used: bool, error: &str) -> ();
    /// The calls of a bot whose try was under way when its sender stopped, locked.
    abandoned_calls = outbox::abandoned(project: ProjectId) -> Vec<(OutboxId, Option<MessageId>)>;

    /// Adds a job, or moves the one under the same key.
    schedule_job = jobs::schedule(job: &NewJob, now: Time) -> ();
    /// Adds a job unless there is one under the same key.
    schedule_job_once = jobs::schedule_once(job: &NewJob, now: Time) -> ();
    /// Locks the next job that is due.
    claim_job = jobs::claim(now: Time) -> Option<Job>;
    /// Removes a job that has been done.
    finish_job = jobs::finish(id: JobId) -> ();
    /// Moves a job to a later time without counting a failure.
    postpone_job = jobs::postpone(id: JobId, due_at: Time) -> ();
    /// Moves a job to a later time for a reason that is not its own, unless it is due later still.
    put_off_job = jobs::put_off(id: JobId, due_at: Time) -> ();
    /// Notes that a job failed.
    fail_job = jobs::fail(id: JobId, error: &str, try_again_at: Option<Time>) -> ();
    /// Brings the waiting jobs of a project nearer.
    bring_jobs_nearer = jobs::bring_nearer(project: ProjectId, by_micros: i64) -> ();

    /// Takes or renews a lease. Answers whether this holder has it now.
    acquire_lease = leases::acquire(name: &str, holder: &str, ttl_micros: i64) -> bool;
    /// Whether a holder has a lease now, which nobody else gets before the transaction has ended.
    keep_lease = leases::keep(name: &str, holder: &str) -> bool;
    /// Gives up the leases of a holder.
    release_leases = leases::release(holder: &str) -> ();
    /// Gives up one lease of a holder.
    release_lease = leases::release_one(name: &str, holder: &str) -> ();

    /// Keeps an answer under an idempotency key.
    insert_answered = idempotency::insert(agent: AgentId, key: &str, answered: &Answered, now: Time) -> ();

    /// Adds an update of a simulated bot and answers its number.
    push_sandbox_update = sandbox::push(project: ProjectId, raw: &str) -> i64;
    /// Forgets the updates of a simulated bot below a number.
    confirm_sandbox_updates = sandbox::confirm(project: ProjectId, below: i64) -> usize;
    /// The next number for a message of a simulated bot.
    next_sandbox_message_id = sandbox::next_message_id(project: ProjectId) -> i64;

    /// Deletes the calls that were settled before a time, [`BATCH`](crate::retention::BATCH)
    /// of them at most.
    purge_outbox = retention::purge_outbox(before: Time) -> usize;
    /// Deletes the updates that were worked off and had arrived before a time,
    /// [`BATCH`](crate::retention::BATCH) of them at most.
    purge_inbox = retention::purge_inbox(before: Time) -> usize;
    /// Deletes the idempotency keys that were used before a time,
    /// [`BATCH`](crate::retention::BATCH) of them at most.
    purge_idempotency_keys = retention::purge_idempotency_keys(before: Time) -> usize;
    /// Deletes the families of refresh tokens that ran out before a time,
    /// [`BATCH`](crate::retention::BATCH) of them at most.
    purge_token_families = retention::purge_token_families(before: Time) -> usize;
}
