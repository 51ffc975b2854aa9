-- What intake has to remember beyond the messages themselves. The same change stands in
-- ../../sqlite.

-- How fast the customer writes, as JSON; empty for who has not written yet.
ALTER TABLE sessions ADD COLUMN pace TEXT;

-- When the text that stands was written, by Telegram's clock, so that an older change that comes late changes nothing.
ALTER TABLE messages ADD COLUMN worded_at BIGINT;

-- Why an update was put by: one that was let in all the same keeps it.
ALTER TABLE tg_inbox ADD COLUMN shelf TEXT;
CREATE INDEX tg_inbox_shelved ON tg_inbox (project_id, epoch, update_id) WHERE state = 'SHELVED';
-- What is old is found by its number as well, without an index that every update would have to be written to.
DROP INDEX tg_inbox_by_arrival;

-- The messages that show a poll.
CREATE TABLE polls (
    project_id BIGINT NOT NULL REFERENCES projects (id),
    poll_id TEXT NOT NULL,
    message_id BIGINT NOT NULL REFERENCES messages (id),
    PRIMARY KEY (project_id, poll_id, message_id)
);
CREATE INDEX polls_of_message ON polls (message_id);

-- Who has tapped which button: a tap counts once.
CREATE TABLE presses (
    code TEXT NOT NULL,
    telegram_user_id BIGINT NOT NULL,
    PRIMARY KEY (code, telegram_user_id)
);
CREATE INDEX presses_of_user ON presses (telegram_user_id);

-- The new numbers of groups that have become supergroups, for what comes late from under the old one.
CREATE TABLE chat_migrations (
    project_id BIGINT NOT NULL REFERENCES projects (id),
    from_chat_id BIGINT NOT NULL,
    to_chat_id BIGINT NOT NULL,
    PRIMARY KEY (project_id, from_chat_id)
);
