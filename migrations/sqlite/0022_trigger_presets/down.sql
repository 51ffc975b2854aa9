DROP INDEX triggers_preset;
ALTER TABLE triggers DROP COLUMN preset;
DROP INDEX word_lists_preset;
ALTER TABLE word_lists DROP COLUMN preset;
