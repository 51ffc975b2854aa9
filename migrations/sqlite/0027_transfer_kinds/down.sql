ALTER TABLE scheduled_messages DROP COLUMN settled_by;
CREATE TABLE session_transfers_of_agents (
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
INSERT INTO session_transfers_of_agents
    (id, session_id, session_version, from_agent_id, from_team_id, to_agent_id, to_team_id, description, by_agent_id, at)
    SELECT id, session_id, session_version, from_agent_id, from_team_id, to_agent_id, to_team_id, description, by_agent_id, at
    FROM session_transfers WHERE kind = 'TRANSFER';
DROP TABLE session_transfers;
ALTER TABLE session_transfers_of_agents RENAME TO session_transfers;
CREATE INDEX session_transfers_of_session ON session_transfers (session_id, id);
