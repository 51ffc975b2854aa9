-- Tickets with their history, and escalations with what goes along. The same change stands in ../../postgres.

-- The last number that a ticket of a project got. A row of its own, so that nobody who has a session waits for the project.
CREATE TABLE ticket_numbers (
    project_id BIGINT NOT NULL PRIMARY KEY REFERENCES projects (id),
    last_number BIGINT NOT NULL
);

CREATE TABLE tickets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    number BIGINT NOT NULL,
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    kind TEXT NOT NULL,
    line INTEGER NOT NULL,
    priority TEXT NOT NULL,
    status TEXT NOT NULL,
    team_id BIGINT REFERENCES teams (id),
    assignee_id BIGINT REFERENCES agents (id),
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    escalated_at BIGINT,
    resolved_at BIGINT,
    resolution TEXT,
    version BIGINT NOT NULL,
    UNIQUE (project_id, number)
);
CREATE INDEX tickets_by_creation ON tickets (project_id, created_at, id);
CREATE INDEX tickets_by_change ON tickets (project_id, updated_at, id);
CREATE INDEX tickets_by_priority ON tickets (project_id,
    (CASE priority WHEN 'LOW' THEN 0 WHEN 'MEDIUM' THEN 1 WHEN 'HIGH' THEN 2 ELSE 3 END), id);
CREATE INDEX tickets_of_session ON tickets (session_id, id);
CREATE INDEX tickets_of_customer ON tickets (customer_id, id);
-- What a team owns, in each order in which it is listed: a page of it is read no further than it reaches.
CREATE INDEX tickets_of_team ON tickets (team_id, created_at, id) WHERE team_id IS NOT NULL;
CREATE INDEX tickets_of_team_by_change ON tickets (team_id, updated_at, id) WHERE team_id IS NOT NULL;
CREATE INDEX tickets_of_team_by_priority ON tickets (team_id,
    (CASE priority WHEN 'LOW' THEN 0 WHEN 'MEDIUM' THEN 1 WHEN 'HIGH' THEN 2 ELSE 3 END), id) WHERE team_id IS NOT NULL;
CREATE INDEX tickets_of_assignee ON tickets (assignee_id, id) WHERE assignee_id IS NOT NULL;

CREATE TABLE ticket_watchers (
    ticket_id BIGINT NOT NULL REFERENCES tickets (id),
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    since BIGINT NOT NULL,
    -- Whether somebody else made them one, so that they see it whoever has its session.
    is_given BOOLEAN NOT NULL,
    PRIMARY KEY (ticket_id, agent_id)
);
CREATE INDEX ticket_watchers_of_agent ON ticket_watchers (agent_id, ticket_id);

-- The messages that people linked to a ticket, and those by which the customer was told of it.
CREATE TABLE ticket_messages (
    ticket_id BIGINT NOT NULL REFERENCES tickets (id),
    message_id BIGINT NOT NULL REFERENCES messages (id),
    is_notice BOOLEAN NOT NULL,
    PRIMARY KEY (ticket_id, message_id)
);
CREATE INDEX ticket_messages_of_message ON ticket_messages (message_id, ticket_id);

-- Each step of a ticket, with the ticket as it was right after it.
CREATE TABLE ticket_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket_id BIGINT NOT NULL REFERENCES tickets (id),
    version BIGINT NOT NULL,
    cause TEXT NOT NULL,
    by_agent_id BIGINT REFERENCES agents (id),
    kind TEXT NOT NULL,
    line INTEGER NOT NULL,
    priority TEXT NOT NULL,
    status TEXT NOT NULL,
    team_id BIGINT,
    assignee_id BIGINT,
    at BIGINT NOT NULL
);
CREATE INDEX ticket_entries_of_ticket ON ticket_entries (ticket_id, id);

CREATE TABLE escalations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    ticket_id BIGINT NOT NULL REFERENCES tickets (id),
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    from_line INTEGER NOT NULL,
    from_agent_id BIGINT REFERENCES agents (id),
    from_team_id BIGINT,
    level TEXT NOT NULL,
    to_team_id BIGINT,
    to_agent_id BIGINT REFERENCES agents (id),
    -- Whether the agent got it as one of the administrators, who may have it as well.
    to_administrators BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    trigger_id BIGINT REFERENCES triggers (id),
    firing_id BIGINT REFERENCES trigger_firings (id),
    description TEXT NOT NULL,
    quick BOOLEAN NOT NULL,
    -- As JSON; empty once the customer was erased.
    packet TEXT,
    by_agent_id BIGINT REFERENCES agents (id),
    -- The team for which they did.
    by_team_id BIGINT,
    at BIGINT NOT NULL,
    unnecessary BOOLEAN,
    judged_by BIGINT REFERENCES agents (id),
    judgement_note TEXT NOT NULL,
    judged_at BIGINT,
    priority TEXT NOT NULL
);
CREATE INDEX escalations_of_ticket ON escalations (ticket_id, id);
CREATE INDEX escalations_by_time ON escalations (project_id, at, id);
CREATE INDEX escalations_of_session ON escalations (session_id, id);

-- The ticket that an event is about, and, as JSON, those who had to do with it before if the event changed that.
ALTER TABLE events ADD COLUMN ticket_id BIGINT;
ALTER TABLE events ADD COLUMN ticket_audience_before TEXT;

-- What triggers wait for beside words, and what they do beside tags and priorities.
ALTER TABLE triggers ADD COLUMN unresolved_minutes BIGINT;
ALTER TABLE triggers ADD COLUMN low_rating BIGINT;
ALTER TABLE triggers ADD COLUMN suggest TEXT;
ALTER TABLE triggers ADD COLUMN escalate TEXT;
ALTER TABLE triggers ADD COLUMN reason TEXT;
ALTER TABLE trigger_firings ADD COLUMN suggested TEXT;
