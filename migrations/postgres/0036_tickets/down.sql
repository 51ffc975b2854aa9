-- The former release knows none of these events, causes, transfers, jobs and objects, and fails on what it does not know. What it
-- can tell in words of its own stays.
DELETE FROM events WHERE kind IN ('TICKET_OPENED', 'TICKET_UPDATED');
UPDATE events SET cause = 'AUTOMATIC' WHERE cause IN ('TICKET', 'ESCALATION', 'URGENT', 'RATED', 'TODO');
UPDATE session_transfers SET kind = 'TRANSFER' WHERE kind = 'ESCALATION';
DELETE FROM jobs WHERE kind = 'session_unresolved';
-- A trigger that waits for no words or does nothing that it knows would keep all triggers of its project from working.
UPDATE triggers SET active = FALSE
WHERE unresolved_minutes IS NOT NULL OR low_rating IS NOT NULL
    OR (raise_to IS NULL AND COALESCE(tag_ids, '[]') = '[]');
ALTER TABLE audit_log DISABLE TRIGGER audit_log_is_not_changed;
UPDATE audit_log SET object_kind = 'PROJECT', object_id = project_id
WHERE object_kind IN ('TICKET', 'ESCALATION', 'SLA_CALENDAR', 'TODO', 'KNOWLEDGE_ENTRY');
ALTER TABLE audit_log ENABLE TRIGGER audit_log_is_not_changed;
ALTER TABLE trigger_firings DROP COLUMN suggested;
ALTER TABLE triggers DROP COLUMN reason;
ALTER TABLE triggers DROP COLUMN escalate;
ALTER TABLE triggers DROP COLUMN suggest;
ALTER TABLE triggers DROP COLUMN low_rating;
ALTER TABLE triggers DROP COLUMN unresolved_minutes;
ALTER TABLE events DROP COLUMN ticket_audience_before;
ALTER TABLE events DROP COLUMN ticket_id;
DROP TABLE escalations;
DROP TABLE ticket_entries;
DROP TABLE ticket_messages;
DROP TABLE ticket_watchers;
DROP TABLE tickets;
DROP TABLE ticket_numbers;
