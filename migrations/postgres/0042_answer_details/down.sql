DELETE FROM events WHERE kind = 'SIGHT_CHANGED';
ALTER TABLE idempotency_keys DROP COLUMN details;
