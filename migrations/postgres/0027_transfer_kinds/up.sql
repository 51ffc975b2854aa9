-- By what a session came into other hands, also where the desk itself moved it, and who took a message for later back.
-- The same change stands in ../../sqlite.

ALTER TABLE session_transfers ADD COLUMN kind TEXT NOT NULL DEFAULT 'TRANSFER';
ALTER TABLE session_transfers ALTER COLUMN by_agent_id DROP NOT NULL;

ALTER TABLE scheduled_messages ADD COLUMN settled_by BIGINT;
