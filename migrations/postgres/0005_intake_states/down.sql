DROP TABLE chat_migrations;
DROP TABLE presses;
DROP TABLE polls;
CREATE INDEX tg_inbox_by_arrival ON tg_inbox (received_at);
DROP INDEX tg_inbox_shelved;
UPDATE tg_inbox SET state = 'POISON', error = shelf WHERE state = 'SHELVED';
ALTER TABLE tg_inbox DROP COLUMN shelf;
ALTER TABLE messages DROP COLUMN worded_at;
ALTER TABLE sessions DROP COLUMN pace;
