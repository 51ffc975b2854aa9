DROP INDEX tg_inbox_failed;
ALTER TABLE tg_intake ADD COLUMN next_update_id BIGINT NOT NULL DEFAULT 0;
