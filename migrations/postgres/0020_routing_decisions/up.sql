-- Why the desk gave a session to whom it did. The same change stands in ../../sqlite.

-- The last decision about each session. Those before it are in the audit log.
CREATE TABLE routing_decisions (
    session_id BIGINT NOT NULL PRIMARY KEY REFERENCES sessions (id),
    -- Empty if the session had to wait.
    agent_id BIGINT REFERENCES agents (id),
    -- Why it had to.
    reason TEXT,
    -- As JSON; empty for all agents.
    scope TEXT,
    scope_source TEXT NOT NULL,
    scope_rule_id BIGINT,
    strategy TEXT NOT NULL,
    strategy_source TEXT NOT NULL,
    strategy_rule_id BIGINT,
    -- How many agents could get it, and how many could not for which reason.
    available BIGINT NOT NULL,
    offline BIGINT NOT NULL,
    busy BIGINT NOT NULL,
    let_it_lie BIGINT NOT NULL,
    out_of_scope BIGINT NOT NULL,
    -- On the project's clock.
    at BIGINT NOT NULL
);
