ALTER TABLE scheduled_messages DROP COLUMN settled_by;
DELETE FROM session_transfers WHERE kind <> 'TRANSFER';
ALTER TABLE session_transfers ALTER COLUMN by_agent_id SET NOT NULL;
ALTER TABLE session_transfers DROP COLUMN kind;
