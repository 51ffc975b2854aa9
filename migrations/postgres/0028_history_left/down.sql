DELETE FROM session_departures WHERE through_id IS NOT NULL;
DROP INDEX session_departures_through;
ALTER TABLE session_departures DROP COLUMN through_id;
