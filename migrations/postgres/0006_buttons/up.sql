-- What agents do with messages beyond writing them. The same change stands in ../../sqlite.

-- What was last asked for and what came of it, as JSON: an edit, a deletion, a pin. Empty for most.
ALTER TABLE messages ADD COLUMN changes TEXT;
-- What agents have to settle.
CREATE INDEX messages_undelivered ON messages (project_id, id) WHERE delivery_state IN ('FAILED', 'UNKNOWN');

-- How many objects one request made: a long text becomes several messages.
ALTER TABLE idempotency_keys ADD COLUMN object_count BIGINT NOT NULL DEFAULT 1;

-- The buttons whose taps Telegram tells the bot of. A tap carries the code, and whoever makes codes up finds nothing.
CREATE TABLE buttons (
    code TEXT NOT NULL PRIMARY KEY,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    message_id BIGINT NOT NULL REFERENCES messages (id),
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX buttons_of_message ON buttons (message_id);
