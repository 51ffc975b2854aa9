-- Service levels: calendars, policies, and a clock for each promise with its history. The same change stands in ../../postgres.

CREATE TABLE sla_calendars (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    hours_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX sla_calendars_of_project ON sla_calendars (project_id, name) WHERE removed_at IS NULL;

-- What a calendar said between two changes, as JSON. It is never changed: clocks go by it.
CREATE TABLE sla_hours (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    hours TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Every version of a project's policy, as JSON. A project that nobody has changed has none.
CREATE TABLE sla_policies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    version BIGINT NOT NULL,
    policy TEXT NOT NULL,
    hours_id BIGINT REFERENCES sla_hours (id),
    changed_by BIGINT REFERENCES agents (id),
    changed_at BIGINT NOT NULL,
    UNIQUE (project_id, version)
);

-- One promise about a session or a ticket, with where it stands by its history.
CREATE TABLE sla_clocks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    ticket_id BIGINT REFERENCES tickets (id),
    metric TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- That of a ticket, by which it is promised.
    priority TEXT,
    policy_version BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    -- What was promised at the start, as JSON.
    terms TEXT NOT NULL,
    state TEXT NOT NULL,
    due_at BIGINT,
    warn_at BIGINT,
    paused_at BIGINT,
    warned_at BIGINT,
    breached_at BIGINT,
    ended_at BIGINT,
    changes BIGINT NOT NULL,
    -- When there is something to be told, on the wall clock.
    next_at BIGINT
);
CREATE UNIQUE INDEX sla_clocks_open ON sla_clocks (session_id, COALESCE(ticket_id, 0), metric) WHERE ended_at IS NULL;
CREATE INDEX sla_clocks_due ON sla_clocks (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX sla_clocks_due_of_project ON sla_clocks (project_id) WHERE next_at IS NOT NULL;
CREATE INDEX sla_clocks_behind ON sla_clocks (project_id, policy_version) WHERE ended_at IS NULL;
CREATE INDEX sla_clocks_of_session ON sla_clocks (session_id, metric, id) WHERE ticket_id IS NULL;
CREATE INDEX sla_clocks_of_ticket ON sla_clocks (ticket_id, metric, id) WHERE ticket_id IS NOT NULL;
CREATE INDEX sla_clocks_started ON sla_clocks (project_id, started_at);

-- What happened to a clock after its start. Each place is taken once, so that nothing is told twice.
CREATE TABLE sla_clock_events (
    clock_id BIGINT NOT NULL REFERENCES sla_clocks (id),
    place BIGINT NOT NULL,
    at BIGINT NOT NULL,
    change TEXT NOT NULL,
    -- What is promised from then on, as JSON, where that changed.
    terms TEXT,
    PRIMARY KEY (clock_id, place)
);

-- The clock that an event is about.
ALTER TABLE events ADD COLUMN clock_id BIGINT;
