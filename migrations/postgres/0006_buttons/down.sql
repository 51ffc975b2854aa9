DROP TABLE buttons;
ALTER TABLE idempotency_keys DROP COLUMN object_count;
DROP INDEX messages_undelivered;
ALTER TABLE messages DROP COLUMN changes;
