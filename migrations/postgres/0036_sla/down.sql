DELETE FROM events WHERE kind = 'SLA_CLOCK_UPDATED';
ALTER TABLE events DROP COLUMN clock_id;
DROP TABLE sla_clock_events;
DROP TABLE sla_clocks;
DROP TABLE sla_policies;
DROP TABLE sla_hours;
DROP TABLE sla_calendars;
