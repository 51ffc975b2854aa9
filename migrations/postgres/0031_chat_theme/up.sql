-- How the consoles of a project show conversations. The same change stands in ../../sqlite.

-- As JSON; empty for the usual light theme.
ALTER TABLE projects ADD COLUMN chat_theme TEXT;
