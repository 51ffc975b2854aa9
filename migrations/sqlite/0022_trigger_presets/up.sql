-- Which lists of words and triggers are those that the desk has ready. The same change stands in ../../postgres.

ALTER TABLE word_lists ADD COLUMN preset TEXT;
CREATE UNIQUE INDEX word_lists_preset ON word_lists (project_id, preset) WHERE preset IS NOT NULL;
ALTER TABLE triggers ADD COLUMN preset TEXT;
CREATE UNIQUE INDEX triggers_preset ON triggers (project_id, preset) WHERE preset IS NOT NULL AND removed_at IS NULL;
