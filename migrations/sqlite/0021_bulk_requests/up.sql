-- Requests that do the same to many sessions and may be sent again. The same change stands in ../../postgres.

CREATE TABLE bulk_requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    -- The sessions that were meant when the request came first, as JSON.
    session_ids TEXT NOT NULL,
    -- The newest entry of the audit log at that time: what the agent has done since then is behind it.
    audit_mark BIGINT NOT NULL,
    -- What came of it, as JSON, without anything that people wrote; empty until it is known for all of them.
    results TEXT,
    begun_at BIGINT NOT NULL
);
CREATE INDEX bulk_requests_by_age ON bulk_requests (begun_at);
