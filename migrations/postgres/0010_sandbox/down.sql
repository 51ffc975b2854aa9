DROP TABLE sandbox_faults;
DROP TABLE sandbox_blocks;
DELETE FROM sandbox_updates;
ALTER TABLE sandbox_updates DROP COLUMN telegram_user_id;
