-- The inbox of an agent in the order in which sessions began. The same change stands in ../../postgres.

CREATE INDEX sessions_created_by_assignee ON sessions (project_id, assignee_id, created_at, id);
CREATE INDEX sessions_created_in_pool ON sessions (project_id, team_id, created_at, id) WHERE assignee_id IS NULL;
-- The same of what is for everybody: PostgreSQL takes no order from an index behind a column that is null.
CREATE INDEX sessions_created_for_all ON sessions (project_id, created_at, id)
    WHERE assignee_id IS NULL AND team_id IS NULL;
-- As for the other indexes of the table: rows, then rows for each value of the first column, and so on.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('sessions', 'sessions_created_by_assignee', '100000 50000 1000 1 1'),
    ('sessions', 'sessions_created_in_pool', '20000 10000 2000 1 1'),
    ('sessions', 'sessions_created_for_all', '2000 1000 1 1');
