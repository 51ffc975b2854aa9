-- From when on the silence of a customer counts whose session an agent opened again. The same change stands in ../../sqlite.

ALTER TABLE sessions ADD COLUMN reopened_at BIGINT;
