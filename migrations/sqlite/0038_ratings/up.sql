-- What customers think of the support they got, and what is owed to them. The same change stands in ../../postgres.

-- The question how satisfied a customer is with one resolution of a session, or of a ticket whose session goes on, from the
-- resolution on.
CREATE TABLE surveys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    ticket_id BIGINT REFERENCES tickets (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    resolved_at BIGINT NOT NULL,
    -- Whom the score credits: as it was at the resolution.
    agent_id BIGINT REFERENCES agents (id),
    team_id BIGINT REFERENCES teams (id),
    -- As a list in JSON.
    supervisor_ids TEXT,
    -- Empty until the customer is asked.
    asked_at BIGINT,
    message_id BIGINT REFERENCES messages (id),
    closes_at BIGINT,
    -- Empty until they answer.
    score BIGINT,
    comment TEXT,
    rated_at BIGINT
);
CREATE INDEX surveys_of_session ON surveys (session_id, id);
CREATE INDEX surveys_of_customer ON surveys (customer_id, asked_at);
CREATE INDEX surveys_of_message ON surveys (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX surveys_rated ON surveys (project_id, rated_at) WHERE rated_at IS NOT NULL;

-- How projects ask, as JSON; those that have changed nothing have no row.
CREATE TABLE rating_settings (
    project_id BIGINT NOT NULL PRIMARY KEY REFERENCES projects (id),
    settings TEXT NOT NULL
);

-- What the desk does at a tap by itself, as JSON. Empty where a tap is what the customer says.
ALTER TABLE buttons ADD COLUMN action TEXT;

-- What is owed to customers.
CREATE TABLE todos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    due_from BIGINT,
    due_at BIGINT NOT NULL,
    -- Who sees to it. Empty for whoever sees the session.
    agent_id BIGINT REFERENCES agents (id),
    team_id BIGINT REFERENCES teams (id),
    state TEXT NOT NULL,
    settled_at BIGINT,
    settled_by BIGINT REFERENCES agents (id),
    reminded_at BIGINT,
    created_by BIGINT REFERENCES agents (id),
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX todos_due ON todos (project_id, due_at, id);
CREATE INDEX todos_of_session ON todos (session_id, id);
CREATE INDEX todos_of_agent ON todos (project_id, agent_id, due_at, id);
CREATE INDEX todos_of_team ON todos (project_id, team_id, due_at, id);

-- The to-do that an event is about.
ALTER TABLE events ADD COLUMN todo_id BIGINT;
