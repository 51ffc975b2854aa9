-- What the bot answers by itself, and whether that helped. The same change stands in ../../postgres.

CREATE TABLE knowledge_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    -- The session from which it was made, if it was made from one.
    session_id BIGINT REFERENCES sessions (id),
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    -- Empty for customers of any language.
    language TEXT,
    -- As a list in JSON.
    keywords TEXT,
    created_by BIGINT NOT NULL REFERENCES agents (id),
    archived_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX knowledge_entries_of_project ON knowledge_entries (project_id, id);
CREATE INDEX knowledge_entries_of_session ON knowledge_entries (session_id) WHERE session_id IS NOT NULL;

-- The answers that customers got, each once in a session.
CREATE TABLE knowledge_answers (
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    entry_id BIGINT NOT NULL REFERENCES knowledge_entries (id),
    message_id BIGINT NOT NULL REFERENCES messages (id),
    -- What the customer said about it; empty while they said nothing.
    helped BOOLEAN,
    person BOOLEAN NOT NULL,
    shown_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, entry_id)
);
CREATE INDEX knowledge_answers_of_entry ON knowledge_answers (entry_id);
CREATE INDEX knowledge_answers_of_message ON knowledge_answers (message_id);
