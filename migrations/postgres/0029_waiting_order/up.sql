-- Sessions in the order in which their customers have waited: behind those who wait come those who do not, and closed
-- sessions behind all. The same change stands in ../../sqlite.

CREATE INDEX sessions_waiting ON sessions (project_id,
    (CASE WHEN status = 'CLOSED' THEN 9223372036854775807 ELSE COALESCE(waiting_since, 9223372036854775806) END), id);
CREATE INDEX sessions_waiting_open ON sessions (project_id,
    (CASE WHEN status = 'CLOSED' THEN 9223372036854775807 ELSE COALESCE(waiting_since, 9223372036854775806) END), id)
    WHERE status <> 'CLOSED';
-- The same of the inbox of an agent: what is theirs, what waits for a team, and what is for everybody.
CREATE INDEX sessions_waiting_by_assignee ON sessions (project_id, assignee_id,
    (CASE WHEN status = 'CLOSED' THEN 9223372036854775807 ELSE COALESCE(waiting_since, 9223372036854775806) END), id);
CREATE INDEX sessions_waiting_in_pool ON sessions (project_id, team_id,
    (CASE WHEN status = 'CLOSED' THEN 9223372036854775807 ELSE COALESCE(waiting_since, 9223372036854775806) END), id)
    WHERE assignee_id IS NULL;
CREATE INDEX sessions_waiting_for_all ON sessions (project_id,
    (CASE WHEN status = 'CLOSED' THEN 9223372036854775807 ELSE COALESCE(waiting_since, 9223372036854775806) END), id)
    WHERE assignee_id IS NULL AND team_id IS NULL;
