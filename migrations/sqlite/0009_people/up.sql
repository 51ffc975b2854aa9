-- The people around the bot: teams, the chats of the staff, tags, and the ways in which customers come. The same
-- change stands in ../../postgres.

CREATE TABLE teams (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    line INTEGER NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (project_id, name)
);

-- The groups that get the notices of teams.
CREATE TABLE team_groups (
    project_id BIGINT NOT NULL REFERENCES projects (id),
    chat_id BIGINT NOT NULL,
    team_id BIGINT NOT NULL REFERENCES teams (id),
    title TEXT NOT NULL,
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, chat_id)
);
CREATE INDEX team_groups_of_team ON team_groups (team_id);

-- The agents' own chats with the bots.
CREATE TABLE staff_links (
    project_id BIGINT NOT NULL REFERENCES projects (id),
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    chat_id BIGINT NOT NULL,
    telegram_name TEXT NOT NULL,
    linked_at BIGINT NOT NULL,
    hinted_at BIGINT,
    PRIMARY KEY (project_id, agent_id),
    UNIQUE (project_id, chat_id)
);
CREATE INDEX staff_links_of_agent ON staff_links (agent_id);

-- Codes by which an agent, or a team if there is one, links a chat. A code that was used is gone.
CREATE TABLE link_codes (
    hash TEXT NOT NULL PRIMARY KEY,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    team_id BIGINT REFERENCES teams (id),
    expires_at BIGINT NOT NULL
);
CREATE INDEX link_codes_by_expiry ON link_codes (expires_at);

-- When a chat was last told something of a kind about a session.
CREATE TABLE notices (
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    kind TEXT NOT NULL,
    chat_id BIGINT NOT NULL,
    told_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, kind, chat_id)
);

CREATE TABLE tags (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    color TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (project_id, name)
);

CREATE TABLE session_tags (
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    tag_id BIGINT NOT NULL REFERENCES tags (id),
    PRIMARY KEY (session_id, tag_id)
);

CREATE TABLE diversion_links (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    -- The numbers of the tags, as JSON.
    tag_ids TEXT,
    team_id BIGINT REFERENCES teams (id),
    agent_id BIGINT REFERENCES agents (id),
    active BOOLEAN NOT NULL,
    uses BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX diversion_links_of_project ON diversion_links (project_id, id);

-- What the bot says and offers by itself, as JSON.
CREATE TABLE bot_texts (
    project_id BIGINT NOT NULL PRIMARY KEY REFERENCES projects (id),
    greeting TEXT,
    commands TEXT,
    -- The commands that Telegram was told last.
    registered_commands TEXT
);
CREATE INDEX bot_texts_unregistered ON bot_texts (project_id)
    WHERE coalesce(commands, '') <> coalesce(registered_commands, '');

-- Which uploads went to which customers, so that erasing a customer finds what nobody else got.
CREATE TABLE file_uses (
    customer_id BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    file_id BIGINT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    PRIMARY KEY (customer_id, file_id)
);
CREATE INDEX file_uses_of_file ON file_uses (file_id);


-- Changes whenever a customer is erased: a process that finds another value drops what it remembers.
INSERT INTO meta (key, value) VALUES ('erasure_version', '0');
