-- What a team needs to share an inbox: who sees which session, what a session waits for, and who did what. The same
-- change stands in ../../postgres.

-- Who else has to do with a session, as JSON; empty for most. session_participants and session_departures say the same
-- row by row, for conditions in SQL.
ALTER TABLE sessions ADD COLUMN people TEXT;
ALTER TABLE sessions ADD COLUMN assigned_at BIGINT;
ALTER TABLE sessions ADD COLUMN queued_at BIGINT;
ALTER TABLE sessions ADD COLUMN waiting_since BIGINT;
-- What it waits for.
ALTER TABLE sessions ADD COLUMN awaited TEXT;
ALTER TABLE sessions ADD COLUMN awaited_until BIGINT;
ALTER TABLE sessions ADD COLUMN awaited_note TEXT;
-- What became of it.
ALTER TABLE sessions ADD COLUMN resolved_at BIGINT;
ALTER TABLE sessions ADD COLUMN resolved_by BIGINT;
ALTER TABLE sessions ADD COLUMN resolution TEXT;

-- How long the sessions of a project live, as JSON; empty for the usual times.
ALTER TABLE projects ADD COLUMN session_life TEXT;

-- For whom the session went on after an event, taken from the session when the event is written, and for whom it had
-- gone on before, as JSON, if the event changed that.
ALTER TABLE events ADD COLUMN assignee_id BIGINT;
ALTER TABLE events ADD COLUMN team_id BIGINT;
ALTER TABLE events ADD COLUMN people TEXT;
ALTER TABLE events ADD COLUMN audience_before TEXT;

CREATE TABLE team_members (
    team_id BIGINT NOT NULL REFERENCES teams (id),
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    PRIMARY KEY (team_id, agent_id)
);
CREATE INDEX team_members_by_agent ON team_members (agent_id);

-- The agents who have joined a session beside the assigned one.
CREATE TABLE session_participants (
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, agent_id)
);
CREATE INDEX session_participants_by_agent ON session_participants (agent_id, session_id);

-- The agents for whom a session ended, with what it was then: they see nothing later of it.
CREATE TABLE session_departures (
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    left_at BIGINT NOT NULL,
    last_message_id BIGINT,
    last_message_at BIGINT NOT NULL,
    last_direction TEXT NOT NULL,
    inbound_count BIGINT NOT NULL,
    status TEXT NOT NULL,
    priority TEXT NOT NULL,
    assignee_id BIGINT,
    team_id BIGINT,
    close_reason TEXT,
    closed_at BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (session_id, agent_id)
);
CREATE INDEX session_departures_by_agent ON session_departures (agent_id, left_at, session_id);

-- Who did what to which object.
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    project_id BIGINT REFERENCES projects (id),
    -- Empty for the desk itself.
    agent_id BIGINT REFERENCES agents (id),
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    -- A JSON object without anything that people wrote to each other.
    details TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX audit_log_of_workspace ON audit_log (workspace_id, id);
CREATE INDEX audit_log_of_project ON audit_log (project_id, id);
CREATE INDEX audit_log_of_agent ON audit_log (agent_id, id);
CREATE INDEX audit_log_of_object ON audit_log (object_kind, object_id, id);
CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is only added to');
END;
CREATE TRIGGER audit_log_is_not_shortened BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is only added to');
END;

-- Whoever is in a team sees what waits for it.
CREATE TRIGGER rights_by_teams_begin AFTER INSERT ON team_members
BEGIN
    UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'rights_version';
END;
CREATE TRIGGER rights_by_teams_end AFTER DELETE ON team_members
BEGIN
    UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'rights_version';
END;
