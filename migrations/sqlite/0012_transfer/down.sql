DROP INDEX sessions_pool_open;
DROP INDEX sessions_pool;
DROP TRIGGER messages_as_they_were;
DROP TABLE departure_messages;
DROP TABLE departure_tags;
ALTER TABLE session_departures DROP COLUMN link_id;
ALTER TABLE session_departures DROP COLUMN people;
DROP TABLE session_transfers;
