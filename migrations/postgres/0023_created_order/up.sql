-- The inbox of an agent in the order in which sessions began. The same change stands in ../../sqlite.

CREATE INDEX sessions_created_by_assignee ON sessions (project_id, assignee_id, created_at, id);
CREATE INDEX sessions_created_in_pool ON sessions (project_id, team_id, created_at, id) WHERE assignee_id IS NULL;
-- The same of what is for everybody: PostgreSQL takes no order from an index behind a column that is null.
CREATE INDEX sessions_created_for_all ON sessions (project_id, created_at, id)
    WHERE assignee_id IS NULL AND team_id IS NULL;
