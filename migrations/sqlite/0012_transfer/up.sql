-- What it takes to hand sessions over: what was said at it, and what those go on seeing for whom a session ended. The same
-- change stands in ../../postgres.

CREATE TABLE session_transfers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    -- Of the session, right after the transfer: who has left it since knows of the transfers up to that version.
    session_version BIGINT NOT NULL,
    from_agent_id BIGINT REFERENCES agents (id),
    from_team_id BIGINT,
    to_agent_id BIGINT REFERENCES agents (id),
    to_team_id BIGINT,
    description TEXT NOT NULL,
    by_agent_id BIGINT NOT NULL REFERENCES agents (id),
    at BIGINT NOT NULL
);
CREATE INDEX session_transfers_of_session ON session_transfers (session_id, id);

-- Who else had to do with a session when it ended for an agent, as JSON, and how the customer had come.
ALTER TABLE session_departures ADD COLUMN people TEXT;
ALTER TABLE session_departures ADD COLUMN link_id BIGINT;

-- The tags that a session had when it ended for an agent.
CREATE TABLE departure_tags (
    session_id BIGINT NOT NULL,
    agent_id BIGINT NOT NULL,
    tag_id BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (session_id, agent_id, tag_id),
    FOREIGN KEY (session_id, agent_id) REFERENCES session_departures (session_id, agent_id) ON DELETE CASCADE
);
CREATE INDEX departure_tags_of_tag ON departure_tags (tag_id);

-- What a message was when its session ended for an agent, if it has changed since. A trigger writes it before the first
-- change, so that whoever changes a message need not think of it.
CREATE TABLE departure_messages (
    session_id BIGINT NOT NULL,
    agent_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL REFERENCES messages (id),
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    entities TEXT,
    content TEXT,
    edited_at BIGINT,
    pinned_at BIGINT,
    deleted_at BIGINT,
    changes TEXT,
    PRIMARY KEY (session_id, agent_id, message_id),
    FOREIGN KEY (session_id, agent_id) REFERENCES session_departures (session_id, agent_id) ON DELETE CASCADE
);
CREATE INDEX departure_messages_of_message ON departure_messages (message_id, agent_id);
CREATE TRIGGER messages_as_they_were BEFORE UPDATE OF kind, text, entities, content, pinned_at, deleted_at, changes ON messages
BEGIN
    INSERT INTO departure_messages
        (session_id, agent_id, message_id, kind, text, entities, content, edited_at, pinned_at, deleted_at, changes)
    SELECT gone.session_id, gone.agent_id, OLD.id, OLD.kind, OLD.text, OLD.entities, OLD.content, OLD.edited_at,
        OLD.pinned_at, OLD.deleted_at, OLD.changes
    FROM session_departures AS gone
    WHERE gone.session_id = OLD.session_id AND gone.last_message_id >= OLD.id AND NOT EXISTS (
        SELECT 1 FROM departure_messages AS kept
        WHERE kept.session_id = gone.session_id AND kept.agent_id = gone.agent_id AND kept.message_id = OLD.id
    );
END;

-- What nobody has, team by team, in the order of an inbox.
CREATE INDEX sessions_pool ON sessions (project_id, team_id, last_message_at, id) WHERE assignee_id IS NULL;
CREATE INDEX sessions_pool_open ON sessions (project_id, team_id, last_message_at, id)
    WHERE assignee_id IS NULL AND status <> 'CLOSED';
-- The same of what is for everybody: PostgreSQL takes no order from an index behind a column that is null.
CREATE INDEX sessions_pool_of_all ON sessions (project_id, last_message_at, id)
    WHERE assignee_id IS NULL AND team_id IS NULL;
CREATE INDEX sessions_pool_of_all_open ON sessions (project_id, last_message_at, id)
    WHERE assignee_id IS NULL AND team_id IS NULL AND status <> 'CLOSED';
-- As for the other indexes of the table: rows, then rows for each value of the first column, and so on.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('sessions', 'sessions_pool', '20000 10000 2000 1 1'),
    ('sessions', 'sessions_pool_open', '600 300 60 1 1'),
    ('sessions', 'sessions_pool_of_all', '2000 1000 1 1'),
    ('sessions', 'sessions_pool_of_all_open', '60 30 1 1');
