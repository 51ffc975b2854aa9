-- When agents let sessions lie, by the clock that presence goes by. The same change stands in ../../postgres.

-- On the wall clock, while `at` is on the clock of the project.
ALTER TABLE session_let_lie ADD COLUMN wall_at BIGINT NOT NULL DEFAULT 0;
UPDATE session_let_lie SET wall_at = at - COALESCE((
    SELECT projects.clock_offset FROM sessions JOIN projects ON projects.id = sessions.project_id
    WHERE sessions.id = session_let_lie.session_id
), 0);
