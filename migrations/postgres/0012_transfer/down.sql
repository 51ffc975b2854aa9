DROP INDEX sessions_pool_open;
DROP INDEX sessions_pool;
DROP TRIGGER messages_as_they_were ON messages;
DROP FUNCTION keep_message_as_it_was();
DROP TABLE departure_messages;
DROP TABLE departure_tags;
ALTER TABLE session_departures DROP COLUMN link_id;
ALTER TABLE session_departures DROP COLUMN people;
DROP TABLE session_transfers;
