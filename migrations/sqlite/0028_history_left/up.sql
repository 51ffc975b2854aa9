-- For whom a session ends, for them the customer's earlier sessions end with it. The same change stands in ../../postgres.

-- The newer session of the customer with which it ended. Empty where it was the session itself that they left.
ALTER TABLE session_departures ADD COLUMN through_id BIGINT;
CREATE INDEX session_departures_through ON session_departures (through_id) WHERE through_id IS NOT NULL;
-- Until now they were read as they are, so that what is there now has been theirs to read.
INSERT INTO session_departures (session_id, agent_id, left_at, last_message_id, last_message_at, last_direction,
    inbound_count, status, priority, assignee_id, team_id, close_reason, closed_at, version, people, link_id, through_id)
SELECT earlier.id, gone.agent_id, gone.left_at, earlier.last_message_id, earlier.last_message_at, earlier.last_direction,
    earlier.inbound_count, earlier.status, earlier.priority, earlier.assignee_id, earlier.team_id, earlier.close_reason,
    earlier.closed_at, earlier.version, earlier.people, earlier.link_id, gone.session_id
FROM session_departures AS gone
JOIN sessions AS newer ON newer.id = gone.session_id
JOIN sessions AS earlier ON earlier.customer_id = newer.customer_id AND earlier.id < newer.id
WHERE earlier.status = 'CLOSED' AND earlier.closed_at <= gone.left_at
AND NOT EXISTS (
    SELECT 1 FROM session_departures AS own WHERE own.session_id = earlier.id AND own.agent_id = gone.agent_id
)
-- By the newest that they left, if there are several.
AND NOT EXISTS (
    SELECT 1 FROM session_departures AS another JOIN sessions AS latest ON latest.id = another.session_id
    WHERE another.agent_id = gone.agent_id AND latest.customer_id = newer.customer_id AND latest.id > newer.id
);
INSERT INTO departure_tags (session_id, agent_id, tag_id)
SELECT gone.session_id, gone.agent_id, session_tags.tag_id
FROM session_departures AS gone
JOIN session_tags ON session_tags.session_id = gone.session_id
WHERE gone.through_id IS NOT NULL;
