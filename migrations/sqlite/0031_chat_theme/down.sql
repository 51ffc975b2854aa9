ALTER TABLE projects DROP COLUMN chat_theme;
