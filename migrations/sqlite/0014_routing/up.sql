-- Who gets which session, who is there, and who is writing. The same change stands in ../../postgres.

-- How a project routes. Whoever decides about one of its sessions has this row locked meanwhile, so that decisions
-- follow one another.
CREATE TABLE routing_settings (
    project_id BIGINT NOT NULL PRIMARY KEY REFERENCES projects (id),
    enabled BOOLEAN NOT NULL,
    strategy TEXT NOT NULL,
    offline_agents TEXT NOT NULL,
    -- As JSON; empty for all agents.
    scope TEXT,
    -- How many sessions an agent has at most for whom nothing else is said; empty for any number.
    capacity BIGINT,
    -- In microseconds; empty if unanswered sessions stay where they are.
    reroute_after BIGINT,
    -- What a customer is told who has to wait, by language, as JSON; empty for the words of the desk.
    queue_message TEXT,
    version BIGINT NOT NULL
);

CREATE TABLE routing_rules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    place BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- As JSON; empty for every session.
    conditions TEXT,
    -- As JSON; empty if the rule does not say.
    scope TEXT,
    strategy TEXT,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX routing_rules_of_project ON routing_rules (project_id, place, id);

-- What routing knows of the agents of a project: how many sessions they may have, if that was said of them, and when
-- it was their turn last.
CREATE TABLE routing_agents (
    project_id BIGINT NOT NULL REFERENCES projects (id),
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    capacity BIGINT,
    last_turn BIGINT,
    PRIMARY KEY (project_id, agent_id)
);

-- Who had a session and let it lie.
CREATE TABLE session_let_lie (
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (session_id, agent_id)
);

-- When the customer of a session was last told that they have to wait.
CREATE TABLE session_queue_notes (
    session_id BIGINT NOT NULL PRIMARY KEY REFERENCES sessions (id),
    told_at BIGINT NOT NULL
);

-- The sessions whose customer waits for their agent.
CREATE INDEX sessions_unanswered ON sessions (project_id, waiting_since, id)
    WHERE waiting_since IS NOT NULL AND assignee_id IS NOT NULL;
-- As for the other indexes of the table: rows, then rows for each value of the first column, and so on.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('sessions', 'sessions_unanswered', '1000 500 1 1');

-- Who follows a project, and through which process. While it goes on, the process says so again and again.
CREATE TABLE presence (
    holder TEXT NOT NULL,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    since BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    -- False once it has ended.
    live BOOLEAN NOT NULL,
    PRIMARY KEY (holder, project_id, agent_id)
);
CREATE INDEX presence_of_project ON presence (project_id, agent_id, last_seen);

-- Who is writing in which session, and until when that counts.
CREATE TABLE typing (
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    until BIGINT NOT NULL,
    relayed_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, agent_id)
);
CREATE INDEX typing_until ON typing (until);
