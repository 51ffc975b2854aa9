-- What agents work with: private notes, more about tags, canned replies, messages for later, and triggers.
-- The same change stands in ../../postgres.

ALTER TABLE tags ADD COLUMN preset TEXT;
ALTER TABLE tags ADD COLUMN archived_at BIGINT;
-- The tag that took its place.
ALTER TABLE tags ADD COLUMN merged_into BIGINT;
ALTER TABLE tags ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX session_tags_by_tag ON session_tags (tag_id, session_id);

-- Every project begins with these tags. Those that have one of the name already keep it as it is.
INSERT INTO tags (project_id, name, color, created_at)
    SELECT id, 'Emergency', '#d93025', created_at FROM projects
    WHERE NOT EXISTS (SELECT 1 FROM tags WHERE tags.project_id = projects.id AND tags.name = 'Emergency');
UPDATE tags SET preset = 'EMERGENCY' WHERE name = 'Emergency';
INSERT INTO tags (project_id, name, color, created_at)
    SELECT id, 'VIP', '#f9ab00', created_at FROM projects
    WHERE NOT EXISTS (SELECT 1 FROM tags WHERE tags.project_id = projects.id AND tags.name = 'VIP');
UPDATE tags SET preset = 'VIP' WHERE name = 'VIP';
INSERT INTO tags (project_id, name, color, created_at)
    SELECT id, 'Refund', '#1a73e8', created_at FROM projects
    WHERE NOT EXISTS (SELECT 1 FROM tags WHERE tags.project_id = projects.id AND tags.name = 'Refund');
UPDATE tags SET preset = 'REFUND' WHERE name = 'Refund';
INSERT INTO tags (project_id, name, color, created_at)
    SELECT id, 'Complaint', '#e8710a', created_at FROM projects
    WHERE NOT EXISTS (SELECT 1 FROM tags WHERE tags.project_id = projects.id AND tags.name = 'Complaint');
UPDATE tags SET preset = 'COMPLAINT' WHERE name = 'Complaint';
INSERT INTO tags (project_id, name, color, created_at)
    SELECT id, 'Sensitive', '#9334e6', created_at FROM projects
    WHERE NOT EXISTS (SELECT 1 FROM tags WHERE tags.project_id = projects.id AND tags.name = 'Sensitive');
UPDATE tags SET preset = 'SENSITIVE' WHERE name = 'Sensitive';
INSERT INTO tags (project_id, name, color, created_at)
    SELECT id, 'New user', '#188038', created_at FROM projects
    WHERE NOT EXISTS (SELECT 1 FROM tags WHERE tags.project_id = projects.id AND tags.name = 'New user');
UPDATE tags SET preset = 'NEW_USER' WHERE name = 'New user';
CREATE UNIQUE INDEX tags_preset ON tags (project_id, preset) WHERE preset IS NOT NULL;

CREATE TABLE customer_tags (
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    tag_id BIGINT NOT NULL REFERENCES tags (id),
    PRIMARY KEY (customer_id, tag_id)
);
CREATE INDEX customer_tags_by_tag ON customer_tags (tag_id, customer_id);

-- What agents write to each other in a session. The versions are those of the session, by which is known what an agent
-- saw for whom it ended.
CREATE TABLE notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    text TEXT NOT NULL,
    need TEXT NOT NULL,
    tried TEXT NOT NULL,
    next_step TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    deleted_at BIGINT,
    since_version BIGINT NOT NULL,
    deleted_version BIGINT
);
CREATE INDEX notes_of_session ON notes (session_id, id);

-- What notes said before they were reworded.
CREATE TABLE note_wordings (
    note_id BIGINT NOT NULL REFERENCES notes (id),
    until_version BIGINT NOT NULL,
    text TEXT NOT NULL,
    need TEXT NOT NULL,
    tried TEXT NOT NULL,
    next_step TEXT NOT NULL,
    edited_at BIGINT,
    PRIMARY KEY (note_id, until_version)
);

CREATE TABLE canned_replies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    -- Empty for what all agents of the project share.
    owner_id BIGINT REFERENCES agents (id),
    shortcut TEXT NOT NULL,
    title TEXT NOT NULL,
    -- The text by language, as JSON.
    texts TEXT NOT NULL,
    uses BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX canned_replies_shortcut ON canned_replies (project_id, COALESCE(owner_id, 0), shortcut);

CREATE TABLE scheduled_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    text TEXT NOT NULL,
    -- The formatting and the files, as JSON.
    entities TEXT,
    media TEXT,
    send_at BIGINT NOT NULL,
    cancel_on_reply BOOLEAN NOT NULL,
    inbound_count BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    message_id BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    settled_at BIGINT,
    since_version BIGINT NOT NULL,
    changed_version BIGINT NOT NULL
);
CREATE INDEX scheduled_messages_of_session ON scheduled_messages (session_id, id);

CREATE INDEX messages_pinned ON messages (session_id, pinned_at) WHERE pinned_at IS NOT NULL;

-- Words that triggers look for in what customers write.
CREATE TABLE word_lists (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    -- As JSON.
    phrases TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (project_id, name)
);

CREATE TABLE triggers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    -- The numbers of the lists and of the tags, as JSON.
    word_list_ids TEXT,
    messages_in_a_row BIGINT,
    tag_ids TEXT,
    raise_to TEXT,
    active BOOLEAN NOT NULL,
    place BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE INDEX triggers_of_project ON triggers (project_id, place, id);

-- How far the triggers of a session are, as JSON.
CREATE TABLE session_triggers (
    session_id BIGINT NOT NULL PRIMARY KEY REFERENCES sessions (id),
    progress TEXT
);

CREATE TABLE trigger_firings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    trigger_id BIGINT NOT NULL REFERENCES triggers (id),
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    message_id BIGINT,
    -- The phrases of the lists, as JSON.
    phrases TEXT,
    at BIGINT NOT NULL,
    since_version BIGINT NOT NULL,
    judgement TEXT,
    judged_by BIGINT REFERENCES agents (id)
);
CREATE INDEX trigger_firings_of_trigger ON trigger_firings (trigger_id, judgement);
CREATE INDEX trigger_firings_of_session ON trigger_firings (session_id, id);
