ALTER TABLE events DROP COLUMN todo_id;
DROP TABLE todos;
ALTER TABLE buttons DROP COLUMN action;
DROP TABLE rating_settings;
DROP TABLE surveys;
