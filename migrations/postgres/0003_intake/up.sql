-- Telegram itself keeps how far the updates of a bot have been taken in. The same change stands in
-- ../../sqlite.
ALTER TABLE tg_intake DROP COLUMN next_update_id;

-- What was set aside is few, and people ask for it.
CREATE INDEX tg_inbox_failed ON tg_inbox (id) WHERE state = 'POISON';
