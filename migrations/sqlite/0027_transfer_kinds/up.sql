-- By what a session came into other hands, also where the desk itself moved it, and who took a message for later back.
-- The same change stands in ../../postgres. SQLite lets no column be empty that could not, so that the table is made anew.

CREATE TABLE session_transfers_by_kind (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    -- Of the session, right after the transfer: who has left it since knows of the transfers up to that version.
    session_version BIGINT NOT NULL,
    from_agent_id BIGINT REFERENCES agents (id),
    from_team_id BIGINT,
    to_agent_id BIGINT REFERENCES agents (id),
    to_team_id BIGINT,
    description TEXT NOT NULL,
    by_agent_id BIGINT REFERENCES agents (id),
    at BIGINT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'TRANSFER'
);
INSERT INTO session_transfers_by_kind
    (id, session_id, session_version, from_agent_id, from_team_id, to_agent_id, to_team_id, description, by_agent_id, at)
    SELECT id, session_id, session_version, from_agent_id, from_team_id, to_agent_id, to_team_id, description, by_agent_id, at
    FROM session_transfers;
DROP TABLE session_transfers;
ALTER TABLE session_transfers_by_kind RENAME TO session_transfers;
CREATE INDEX session_transfers_of_session ON session_transfers (session_id, id);

ALTER TABLE scheduled_messages ADD COLUMN settled_by BIGINT;
