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
    next_at BIGINT,
    -- How often that could not be done by now, and why not.
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    -- When it was known whether the promise was kept, and whose it was then.
    settled_at BIGINT,
    settled_agent_id BIGINT,
    settled_team_id BIGINT
);
CREATE UNIQUE INDEX sla_clocks_open ON sla_clocks (session_id, COALESCE(ticket_id, 0), metric) WHERE ended_at IS NULL;
CREATE INDEX sla_clocks_due ON sla_clocks (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX sla_clocks_behind ON sla_clocks (project_id, policy_version) WHERE ended_at IS NULL;
CREATE INDEX sla_clocks_of_customer ON sla_clocks (customer_id) WHERE ended_at IS NULL;
CREATE INDEX sla_clocks_of_session ON sla_clocks (session_id, metric, id) WHERE ticket_id IS NULL;
CREATE INDEX sla_clocks_of_ticket ON sla_clocks (ticket_id, metric, id) WHERE ticket_id IS NOT NULL;
CREATE INDEX sla_clocks_started ON sla_clocks (project_id, started_at);
CREATE INDEX sla_clocks_settled ON sla_clocks (project_id, settled_at) WHERE settled_at IS NOT NULL;

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

-- Who waits for an answer already waits from then on, by what a project promises until somebody changes it.
INSERT INTO sla_clocks (
    project_id, session_id, customer_id, metric, kind, policy_version, started_at, terms, state, due_at, warn_at, changes,
    next_at
)
SELECT
    sessions.project_id, sessions.id, sessions.customer_id,
    CASE
        WHEN promise.metric = 'RESOLUTION' THEN 'RESOLUTION'
        WHEN EXISTS (
            SELECT 1 FROM messages WHERE messages.session_id = sessions.id AND messages.author_id IS NOT NULL
        ) THEN 'NEXT_RESPONSE'
        ELSE 'FIRST_RESPONSE'
    END,
    'STANDARD', 1, sessions.waiting_since, promise.terms, 'PENDING', sessions.waiting_since + promise.target,
    sessions.waiting_since + promise.warned_after, 0,
    sessions.waiting_since + promise.warned_after - projects.clock_offset
FROM sessions
JOIN projects ON projects.id = sessions.project_id
CROSS JOIN (
    SELECT 'RESPONSE' AS metric, 300000000 AS target, 240000000 AS warned_after,
        '{"micros":300000000,"warn":80,"pauses":true}' AS terms
    UNION ALL
    SELECT 'RESOLUTION', 1800000000, 1440000000, '{"micros":1800000000,"warn":80,"pauses":true}'
) AS promise
WHERE sessions.status <> 'CLOSED' AND sessions.resolved_at IS NULL
    AND sessions.waiting_since IS NOT NULL AND sessions.last_direction = 'INBOUND'
    -- Where something is waited for, the resolution is promised once the session goes on.
    AND (promise.metric = 'RESPONSE' OR sessions.status <> 'FOLLOW_UP');

-- The clock that an event is about.
ALTER TABLE events ADD COLUMN clock_id BIGINT;

-- How soon a session was first answered and when the work on it was over, and whose it was each time, as it was then.
CREATE TABLE session_work (
    session_id BIGINT NOT NULL PRIMARY KEY REFERENCES sessions (id),
    project_id BIGINT NOT NULL REFERENCES projects (id),
    started_at BIGINT NOT NULL,
    answered_at BIGINT,
    -- Empty for who answered past the desk.
    answered_by BIGINT,
    answered_team_id BIGINT,
    concluded_at BIGINT,
    concluded_by BIGINT,
    concluded_team_id BIGINT
);
CREATE INDEX session_work_started ON session_work (project_id, started_at);

-- Of what there was before, the end is by whoever has it now.
INSERT INTO session_work (
    session_id, project_id, started_at, answered_at, answered_by, answered_team_id,
    concluded_at, concluded_by, concluded_team_id
)
SELECT
    sessions.id, sessions.project_id, sessions.created_at, answer.created_at, answer.author_id,
    CASE
        WHEN answer.id IS NULL THEN NULL
        WHEN EXISTS (
            SELECT 1 FROM session_transfers AS later WHERE later.session_id = sessions.id AND later.at > answer.created_at
        ) THEN (
            SELECT later.from_team_id FROM session_transfers AS later
            WHERE later.session_id = sessions.id AND later.at > answer.created_at ORDER BY later.id LIMIT 1
        )
        ELSE sessions.team_id
    END,
    COALESCE(sessions.resolved_at, sessions.closed_at),
    CASE WHEN COALESCE(sessions.resolved_at, sessions.closed_at) IS NOT NULL
        THEN COALESCE(sessions.assignee_id, sessions.resolved_by) END,
    CASE WHEN COALESCE(sessions.resolved_at, sessions.closed_at) IS NOT NULL THEN sessions.team_id END
FROM sessions
LEFT JOIN messages AS answer ON answer.id = (
    SELECT MIN(messages.id) FROM messages
    WHERE messages.session_id = sessions.id AND messages.direction = 'OUTBOUND'
        AND (messages.author_id IS NOT NULL OR messages.delivery_state IS NULL)
)
WHERE answer.id IS NOT NULL OR sessions.resolved_at IS NOT NULL OR sessions.closed_at IS NOT NULL;
