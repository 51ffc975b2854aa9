-- Files that agents have uploaded, in pieces, so that neither a transaction nor the memory ever holds a whole one.
-- The same tables stand in ../../postgres.
CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    -- Who uploaded it.
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    name TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    -- The size; while the file is still coming in, the most that it can have.
    size_bytes BIGINT NOT NULL,
    -- The size of each of its pieces but the last.
    chunk_bytes INTEGER NOT NULL,
    -- What Telegram calls it since it was first sent, and the kind of media that it was sent as.
    telegram_file_id TEXT,
    telegram_kind TEXT,
    created_at BIGINT NOT NULL,
    -- When its last piece had come; empty for one that is not whole.
    completed_at BIGINT,
    -- When it was first sent; empty for one that nobody has sent.
    used_at BIGINT
);
-- What an agent has uploaded and not sent, and what is purged.
CREATE INDEX files_unused ON files (agent_id, project_id) WHERE used_at IS NULL;
CREATE INDEX files_unused_by_age ON files (created_at) WHERE used_at IS NULL;

CREATE TABLE file_chunks (
    file_id BIGINT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    -- Counted from 0.
    number INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (file_id, number)
);
