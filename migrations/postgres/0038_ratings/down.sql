DELETE FROM events WHERE kind = 'TODO_UPDATED';
DELETE FROM jobs WHERE kind IN ('survey', 'todo_reminder');
ALTER TABLE events DROP COLUMN todo_id;
DROP TABLE todos;
ALTER TABLE buttons DROP COLUMN action;
DROP TABLE rating_settings;
DROP TABLE surveys;
