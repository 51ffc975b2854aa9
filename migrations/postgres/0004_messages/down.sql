ALTER TABLE outbox DROP COLUMN cost;
ALTER TABLE outbox DROP COLUMN attachments;
DROP INDEX tg_inbox_of_group;
DROP INDEX tg_inbox_of_user;
ALTER TABLE tg_inbox DROP COLUMN user_id;
ALTER TABLE customers DROP COLUMN erased_at;
ALTER TABLE customers DROP COLUMN ban_reason;
ALTER TABLE customers DROP COLUMN banned_at;
ALTER TABLE customers DROP COLUMN reachability_at;
ALTER TABLE customers DROP COLUMN kind;
ALTER TABLE sessions DROP COLUMN link_id;
ALTER TABLE sessions DROP COLUMN team_id;
ALTER TABLE sessions DROP COLUMN thread;
ALTER TABLE sessions DROP COLUMN chat_id;
DROP INDEX messages_of_album;
DROP INDEX messages_by_telegram_id;
-- Business accounts number their messages on their own, so that a chat may have a number twice.
UPDATE messages SET telegram_message_id = NULL WHERE connection <> '';
CREATE UNIQUE INDEX messages_by_telegram_id ON messages (project_id, chat_id, telegram_message_id)
    WHERE telegram_message_id IS NOT NULL;
ALTER TABLE messages DROP COLUMN deleted_at;
ALTER TABLE messages DROP COLUMN pinned_at;
ALTER TABLE messages DROP COLUMN connection;
ALTER TABLE messages DROP COLUMN album_id;
ALTER TABLE messages DROP COLUMN content;
