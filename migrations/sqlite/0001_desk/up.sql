-- The first shape of a desk. Times are microseconds since 1970 in UTC. Names of states are
-- those of the enumerations in `domain`. The same tables stand in ../../postgres.

CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE workspaces (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE agents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    workspace_role TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE projects (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    sandbox BOOLEAN NOT NULL,
    -- The bot as Telegram numbers it: two projects never share one.
    bot_id BIGINT UNIQUE,
    bot_username TEXT,
    bot_token_sealed TEXT,
    clock_offset BIGINT NOT NULL,
    last_session_number BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX projects_of_workspace ON projects (workspace_id, id);

CREATE TABLE memberships (
    project_id BIGINT NOT NULL REFERENCES projects (id),
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    role TEXT NOT NULL,
    PRIMARY KEY (project_id, agent_id)
);
CREATE INDEX memberships_of_agent ON memberships (agent_id);

-- One family for each sign-in; every renewal replaces the family's live token.
CREATE TABLE token_families (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX token_families_of_agent ON token_families (agent_id);
CREATE INDEX token_families_by_expiry ON token_families (expires_at);

CREATE TABLE refresh_tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    family_id BIGINT NOT NULL REFERENCES token_families (id) ON DELETE CASCADE,
    used_at BIGINT
);
CREATE INDEX refresh_tokens_of_family ON refresh_tokens (family_id);

CREATE TABLE customers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    telegram_user_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    username TEXT,
    language_code TEXT,
    unreachable_since BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (project_id, telegram_user_id)
);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    number BIGINT NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    status TEXT NOT NULL,
    priority TEXT NOT NULL,
    assignee_id BIGINT REFERENCES agents (id),
    last_message_id BIGINT,
    last_message_at BIGINT NOT NULL,
    last_direction TEXT NOT NULL,
    inbound_count BIGINT NOT NULL,
    close_reason TEXT,
    closed_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (project_id, number)
);
-- A customer has at most one open session.
CREATE UNIQUE INDEX sessions_open_of_customer ON sessions (customer_id) WHERE status <> 'CLOSED';
CREATE INDEX sessions_of_customer ON sessions (customer_id, id);
CREATE INDEX sessions_inbox ON sessions (project_id, last_message_at, id);
CREATE INDEX sessions_inbox_open ON sessions (project_id, last_message_at, id) WHERE status <> 'CLOSED';
CREATE INDEX sessions_inbox_by_assignee ON sessions (project_id, assignee_id, last_message_at, id);
CREATE INDEX sessions_inbox_open_by_assignee ON sessions (project_id, assignee_id, last_message_at, id)
    WHERE status <> 'CLOSED';
CREATE INDEX sessions_by_creation ON sessions (project_id, created_at, id);

-- How many of a session's inbound messages an agent has seen.
CREATE TABLE session_views (
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    inbound_seen BIGINT NOT NULL,
    PRIMARY KEY (session_id, agent_id)
);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    chat_id BIGINT NOT NULL,
    direction TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    entities TEXT,
    author_id BIGINT REFERENCES agents (id),
    reply_to_id BIGINT REFERENCES messages (id),
    telegram_message_id BIGINT,
    delivery_state TEXT,
    delivery_error TEXT,
    created_at BIGINT NOT NULL,
    edited_at BIGINT
);
CREATE INDEX messages_of_session ON messages (session_id, id);
-- The same Telegram message never becomes two messages of the desk.
CREATE UNIQUE INDEX messages_by_telegram_id ON messages (project_id, chat_id, telegram_message_id)
    WHERE telegram_message_id IS NOT NULL;

-- Every change that a client could want to see, written in the transaction that made it.
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    -- On PostgreSQL the id of the writing transaction; here commits are in sequence order.
    tx BIGINT NOT NULL DEFAULT 0,
    project_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    session_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    message_id BIGINT,
    cause TEXT NOT NULL,
    at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL
);
CREATE INDEX events_of_project ON events (project_id, seq);
CREATE INDEX events_of_session ON events (session_id, seq);

-- Every update from Telegram as it came, stored before it is acknowledged.
CREATE TABLE tg_inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    -- Update numbers of a bot may start anew; then a new epoch begins.
    epoch BIGINT NOT NULL,
    update_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    raw TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    not_before BIGINT NOT NULL,
    error TEXT,
    received_at BIGINT NOT NULL,
    UNIQUE (project_id, epoch, update_id)
);
CREATE INDEX tg_inbox_pending ON tg_inbox (project_id, chat_id, id) WHERE state = 'PENDING';
CREATE INDEX tg_inbox_next ON tg_inbox (received_at, id) WHERE state = 'PENDING';
CREATE INDEX tg_inbox_by_arrival ON tg_inbox (received_at);

-- How far the updates of a bot have been taken in.
CREATE TABLE tg_intake (
    project_id BIGINT NOT NULL PRIMARY KEY REFERENCES projects (id),
    epoch BIGINT NOT NULL,
    next_update_id BIGINT NOT NULL
);

-- Every call to be made to Telegram, written in the transaction that wants it.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    chat_id BIGINT NOT NULL,
    lane INTEGER NOT NULL,
    message_id BIGINT REFERENCES messages (id),
    method TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    -- Names the one try that may settle the row; committed before the request goes out.
    attempt TEXT,
    attempts INTEGER NOT NULL,
    not_before BIGINT NOT NULL,
    error TEXT,
    created_at BIGINT NOT NULL,
    settled_at BIGINT
);
CREATE INDEX outbox_open ON outbox (project_id, chat_id, id) WHERE state IN ('QUEUED', 'SENDING');
CREATE INDEX outbox_next ON outbox (project_id, lane, id) WHERE state IN ('QUEUED', 'SENDING');
CREATE INDEX outbox_due ON outbox (project_id, not_before) WHERE state = 'QUEUED';
CREATE INDEX outbox_of_message ON outbox (message_id);
CREATE INDEX outbox_by_settlement ON outbox (settled_at) WHERE settled_at IS NOT NULL;

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    project_id BIGINT REFERENCES projects (id),
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- On the wall clock: moving a project's clock moves its jobs.
    due_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (due_at, id) WHERE state = 'WAITING';

-- Who does what only one process may do at a time.
CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- The answer to a request that carried an idempotency key.
CREATE TABLE idempotency_keys (
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    key TEXT NOT NULL,
    operation TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (agent_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- What the simulated Telegram of a sandbox has not handed to its bot yet.
CREATE TABLE sandbox_updates (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    raw TEXT NOT NULL
);
CREATE INDEX sandbox_updates_of_project ON sandbox_updates (project_id, id);

-- The numbers that the simulated Telegram gives to messages.
CREATE TABLE sandbox_counters (
    project_id BIGINT NOT NULL PRIMARY KEY REFERENCES projects (id),
    last_message_id BIGINT NOT NULL
);

-- SQLite takes every list for short and would rather walk through a whole project than sort a
-- customer's few sessions. These are the proportions of a desk with 100,000 sessions: rows,
-- then rows for each value of the first column, of the first two, and so on.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('sessions', 'sqlite_autoindex_sessions_1', '100000 50000 1'),
    ('sessions', 'sessions_open_of_customer', '3000 1'),
    ('sessions', 'sessions_of_customer', '100000 3 1'),
    ('sessions', 'sessions_inbox', '100000 50000 2 1'),
    ('sessions', 'sessions_inbox_open', '3000 1500 1 1'),
    ('sessions', 'sessions_inbox_by_assignee', '100000 50000 1000 1 1'),
    ('sessions', 'sessions_inbox_open_by_assignee', '3000 1500 30 1 1'),
    ('sessions', 'sessions_by_creation', '100000 50000 2 1');
