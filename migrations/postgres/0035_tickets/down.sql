-- Nothing knows these events any more.
DELETE FROM events WHERE kind IN ('TICKET_OPENED', 'TICKET_UPDATED');
ALTER TABLE trigger_firings DROP COLUMN suggested;
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
