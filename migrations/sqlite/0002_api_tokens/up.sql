-- API tokens, by which integrations act as the agent who made them. The same table stands in
-- ../../postgres.
CREATE TABLE api_tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash TEXT NOT NULL UNIQUE,
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    name TEXT NOT NULL,
    -- The names of the scopes with a space between them.
    scopes TEXT NOT NULL,
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX api_tokens_of_agent ON api_tokens (agent_id, id);

-- Changes whenever somebody's rights may have changed, whoever changed them: a process that
-- finds the value it knows may go on with the rights that it has read.
INSERT INTO meta (key, value) VALUES ('rights_version', '0');

CREATE TRIGGER rights_of_agents_change AFTER UPDATE OF workspace_id, email, name, workspace_role, active ON agents
BEGIN
    UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'rights_version';
END;
CREATE TRIGGER rights_of_agents_end AFTER DELETE ON agents
BEGIN
    UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'rights_version';
END;

CREATE TRIGGER rights_by_memberships_begin AFTER INSERT ON memberships
BEGIN
    UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'rights_version';
END;
CREATE TRIGGER rights_by_memberships_change AFTER UPDATE ON memberships
BEGIN
    UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'rights_version';
END;
CREATE TRIGGER rights_by_memberships_end AFTER DELETE ON memberships
BEGIN
    UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'rights_version';
END;

CREATE TRIGGER rights_by_sign_ins_change AFTER UPDATE OF agent_id, expires_at, revoked_at ON token_families
BEGIN
    UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'rights_version';
END;
CREATE TRIGGER rights_by_sign_ins_end AFTER DELETE ON token_families
BEGIN
    UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'rights_version';
END;

CREATE TRIGGER rights_by_api_tokens_change AFTER UPDATE OF agent_id, scopes, expires_at, revoked_at ON api_tokens
BEGIN
    UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'rights_version';
END;
CREATE TRIGGER rights_by_api_tokens_end AFTER DELETE ON api_tokens
BEGIN
    UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'rights_version';
END;
