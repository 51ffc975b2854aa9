-- An earlier desk knows calls that failed and none that were withdrawn.
UPDATE outbox SET state = 'FAILED' WHERE state = 'WITHDRAWN';
DROP TABLE session_work;
DELETE FROM events WHERE kind = 'SLA_CLOCK_UPDATED';
DELETE FROM jobs WHERE kind = 'sla_policy_apply';
ALTER TABLE events DROP COLUMN clock_id;
DROP TABLE sla_clock_events;
DROP TABLE sla_clocks;
DROP TABLE sla_policies;
DROP TABLE sla_hours;
DROP TABLE sla_calendars;
