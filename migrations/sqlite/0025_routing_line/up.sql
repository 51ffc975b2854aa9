-- What routing reads fast however long the line is, and what it knew nothing of before. The same change stands in ../../postgres.

-- The line of those who wait for an agent, in the order in which they are served within a priority.
CREATE INDEX sessions_line
    ON sessions (project_id, priority, COALESCE(waiting_since, queued_at, created_at), id, team_id)
    WHERE assignee_id IS NULL AND resolved_at IS NULL AND status <> 'CLOSED' AND status <> 'FOLLOW_UP';
-- What agents have to work on, with all that is asked for in order to count it.
CREATE INDEX sessions_load ON sessions (project_id, assignee_id, status, resolved_at)
    WHERE assignee_id IS NOT NULL AND resolved_at IS NULL AND status <> 'CLOSED' AND status <> 'FOLLOW_UP';
-- As for the other indexes of the table: rows, then rows for each value of the first column, and so on.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('sessions', 'sessions_line', '500 250 60 1 1 1'),
    ('sessions', 'sessions_load', '2500 1250 25 12 12');

-- What was noted for the time that a session waits is of no use once it is over.
DELETE FROM session_let_lie WHERE session_id IN (SELECT id FROM sessions WHERE status = 'CLOSED');
DELETE FROM session_queue_notes WHERE session_id IN (SELECT id FROM sessions WHERE status = 'CLOSED');
CREATE TRIGGER sessions_wait_no_more AFTER UPDATE OF status ON sessions
WHEN NEW.status = 'CLOSED' AND OLD.status <> 'CLOSED'
BEGIN
    DELETE FROM session_let_lie WHERE session_id = NEW.id;
    DELETE FROM session_queue_notes WHERE session_id = NEW.id;
END;

-- Open sessions of a desk from before 0011: since when the customer waits for an agent's answer, and when the agent got
-- the session, as far as it was written down.
UPDATE sessions SET waiting_since = (
    SELECT min(unanswered.created_at) FROM messages AS unanswered
    WHERE unanswered.session_id = sessions.id AND unanswered.direction = 'INBOUND' AND unanswered.id > COALESCE((
        SELECT max(answer.id) FROM messages AS answer
        WHERE answer.session_id = sessions.id AND answer.direction = 'OUTBOUND'
            -- An agent's, or of the owner of a business account, who wrote it past the desk.
            AND (answer.author_id IS NOT NULL OR answer.delivery_state IS NULL)
    ), 0)
)
WHERE waiting_since IS NULL AND status <> 'CLOSED' AND status <> 'FOLLOW_UP' AND resolved_at IS NULL;
UPDATE sessions SET assigned_at = COALESCE((
    SELECT max(given.at) FROM events AS given WHERE given.session_id = sessions.id AND given.cause = 'ASSIGNMENT'
), created_at)
WHERE assigned_at IS NULL AND assignee_id IS NOT NULL AND status <> 'CLOSED';
