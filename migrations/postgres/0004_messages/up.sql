-- Everything a message can be, and where in Telegram it was written. The same change stands in
-- ../../sqlite.

-- What a message holds beside its text, as JSON; empty for most.
ALTER TABLE messages ADD COLUMN content TEXT;
-- What the items of one album have in common.
ALTER TABLE messages ADD COLUMN album_id TEXT;
-- The business account whose own numbers the messages have; '' for the bot's.
ALTER TABLE messages ADD COLUMN connection TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN pinned_at BIGINT;
ALTER TABLE messages ADD COLUMN deleted_at BIGINT;
DROP INDEX messages_by_telegram_id;
CREATE UNIQUE INDEX messages_by_telegram_id ON messages (project_id, chat_id, telegram_message_id, connection)
    WHERE telegram_message_id IS NOT NULL;
CREATE INDEX messages_of_album ON messages (session_id, album_id) WHERE album_id IS NOT NULL;

-- Where answers go: the chat that was last written in, and the conversation within it, as JSON.
ALTER TABLE sessions ADD COLUMN chat_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN thread TEXT;
UPDATE sessions SET chat_id = (SELECT customers.chat_id FROM customers WHERE customers.id = sessions.customer_id);
-- The team that it is for, and the link by which the customer came.
ALTER TABLE sessions ADD COLUMN team_id BIGINT;
ALTER TABLE sessions ADD COLUMN link_id BIGINT;

ALTER TABLE customers ADD COLUMN kind TEXT NOT NULL DEFAULT 'PERSON';
-- When Telegram last said whether the customer can be reached, by its own clock.
ALTER TABLE customers ADD COLUMN reachability_at BIGINT;
ALTER TABLE customers ADD COLUMN banned_at BIGINT;
ALTER TABLE customers ADD COLUMN ban_reason TEXT;
ALTER TABLE customers ADD COLUMN erased_at BIGINT;

-- Whose update it is, where one person is behind it, so that erasing a person finds it.
ALTER TABLE tg_inbox ADD COLUMN user_id BIGINT;
UPDATE tg_inbox SET user_id = chat_id WHERE chat_id > 0;
CREATE INDEX tg_inbox_of_user ON tg_inbox (project_id, user_id) WHERE user_id IS NOT NULL;
-- The numbers of groups and channels are below 0.
CREATE INDEX tg_inbox_of_group ON tg_inbox (project_id, chat_id) WHERE chat_id < 0;

-- The files to go with a call, as JSON.
ALTER TABLE outbox ADD COLUMN attachments TEXT;
-- How many messages a call counts as in Telegram's limits.
ALTER TABLE outbox ADD COLUMN cost INTEGER NOT NULL DEFAULT 1;
