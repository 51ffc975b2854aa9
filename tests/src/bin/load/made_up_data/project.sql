-- The sessions of one project, in the SQL that SQLite and PostgreSQL share. Numbers in braces are filled in.

INSERT INTO memberships (project_id, agent_id, role)
SELECT {project}, id, 'AGENT' FROM agents WHERE id BETWEEN {first_agent} AND {first_agent} + {agents} - 1;

-- Ten teams, of which each agent is in one.
INSERT INTO teams (id, project_id, name, line, version, created_at)
WITH RECURSIVE numbers (n) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < 9)
SELECT {first_team} + n, {project}, 'Team ' || n, 1, 1, {start} FROM numbers;

INSERT INTO team_members (team_id, agent_id)
SELECT {first_team} + (id - {first_agent}) % 10, id
FROM agents WHERE id BETWEEN {first_agent} AND {first_agent} + {agents} - 1;

INSERT INTO customers (id, project_id, telegram_user_id, chat_id, name, username, language_code, created_at)
WITH RECURSIVE numbers (n) AS (
    SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {customers}
)
SELECT
    {first_customer} + n, {project}, {first_telegram_user} + n, {first_telegram_user} + n,
    'Customer ' || n, CASE WHEN n % 3 < 2 THEN 'customer_' || n END, 'en', {start}
FROM numbers;

-- A draw from 0 to 999 decides what varies. The last sessions are open.
INSERT INTO sessions (
    id, project_id, number, customer_id, chat_id, status, priority, assignee_id, team_id, last_message_id, last_message_at,
    last_direction, inbound_count, waiting_since, close_reason, closed_at, version, created_at, updated_at
)
WITH RECURSIVE numbers (n) AS (
    SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < {sessions}
),
drawn AS (
    SELECT
        n, (n * 2654435761 / 65536) % 1000 AS draw, n > {sessions} - {open_sessions} AS is_open,
        {start} + n * {step} + (n * 40503 % 3600) * 1000000 AS opened_at
    FROM numbers
),
dated AS (
    SELECT n, draw, is_open, opened_at, opened_at + {messages} * 60000000 AS last_at FROM drawn
)
SELECT
    {first_session} + n - 1, {project}, n, {first_customer} + n % {customers}, {first_telegram_user} + n % {customers},
    CASE
        WHEN NOT is_open THEN 'CLOSED'
        WHEN draw % 3 = 0 THEN 'UNREAD'
        WHEN draw % 3 = 1 THEN 'PROCESSING'
        ELSE 'FOLLOW_UP'
    END,
    CASE draw % 10 WHEN 0 THEN 'URGENT' WHEN 1 THEN 'HIGH' WHEN 2 THEN 'LOW' ELSE 'MEDIUM' END,
    CASE
        WHEN is_open AND draw % 10 = 3 THEN NULL
        WHEN draw % 10 = 4 THEN {administrator}
        ELSE {first_agent} + draw / 10 % {agents}
    END,
    CASE WHEN draw % 4 < 3 THEN {first_team} + n % 10 END,
    {first_message} + n * {messages} - 1, last_at,
    CASE WHEN (n + {messages}) % 2 = 0 OR {messages} = 1 THEN 'INBOUND' ELSE 'OUTBOUND' END,
    CASE WHEN n % 2 = 1 THEN ({messages} + 1) / 2 ELSE {messages} / 2 + 1 END,
    CASE WHEN is_open AND draw % 3 = 0 THEN last_at END,
    CASE WHEN NOT is_open THEN 'AGENT' END, CASE WHEN NOT is_open THEN last_at + 3600000000 END,
    {messages} + 2, opened_at, last_at
FROM dated;

-- The first message is the customer's; then both write in turn. CROSS JOIN keeps SQLite to this order.
INSERT INTO messages (
    id, project_id, session_id, customer_id, chat_id, direction, kind, text, author_id, telegram_message_id,
    delivery_state, created_at
)
WITH RECURSIVE places (place) AS (
    SELECT CAST(1 AS BIGINT) UNION ALL SELECT place + 1 FROM places WHERE place < {messages}
),
exchanged AS (
    SELECT
        sessions.id AS session_id, sessions.customer_id, sessions.created_at, sessions.assignee_id, place,
        {first_message} + (sessions.number - 1) * {messages} + place - 1 AS id,
        ((sessions.number * 31 + place) * 2654435761 / 65536) % 1000 AS draw,
        (sessions.number + place) % 2 = 0 OR place = 1 AS is_inbound
    FROM sessions CROSS JOIN places
    WHERE sessions.project_id = {project}
)
SELECT
    id, {project}, session_id, customer_id, {first_telegram_user} + customer_id - {first_customer},
    CASE WHEN is_inbound THEN 'INBOUND' ELSE 'OUTBOUND' END, 'text',
    substr(
        'Good morning, I ordered the blue jacket in size M last Tuesday and the parcel arrived today, but it is the '
        || 'green one, and the receipt in the box has another name on it. Could you look into it and tell me whether '
        || 'I should send it back, or whether you can change the order before the weekend? Thank you for your help.',
        1 + CAST(draw % 60 AS INTEGER), 20 + CAST(draw % 180 AS INTEGER)
    ),
    CASE WHEN NOT is_inbound THEN coalesce(assignee_id, {administrator}) END, {first_telegram_message} + id,
    CASE WHEN NOT is_inbound THEN 'SENT' END, created_at + place * 60000000
FROM exchanged
ORDER BY session_id, place;

-- The administrator has seen most sessions to the end and some of them in part.
INSERT INTO session_views (session_id, agent_id, inbound_seen)
SELECT id, {administrator}, inbound_count - CASE WHEN number % 10 < 7 THEN 0 ELSE 1 END
FROM sessions
WHERE project_id = {project} AND number % 10 < 9;

INSERT INTO session_views (session_id, agent_id, inbound_seen)
SELECT id, assignee_id, inbound_count FROM sessions
WHERE project_id = {project} AND assignee_id <> {administrator};

-- One agent more reads along in every fiftieth open session, and every tenth session was once another agent's.
INSERT INTO session_participants (session_id, agent_id, joined_at)
SELECT id, {first_agent} + number / 50 % {agents}, created_at
FROM sessions
WHERE project_id = {project} AND status <> 'CLOSED' AND number % 50 = 0
    AND (assignee_id IS NULL OR assignee_id <> {first_agent} + number / 50 % {agents});

INSERT INTO session_departures (
    session_id, agent_id, left_at, last_message_at, last_direction, inbound_count, status, priority, version
)
SELECT
    id, {first_agent} + number / 10 % {agents}, created_at, created_at, 'INBOUND', 1, 'PROCESSING', priority, 1
FROM sessions
WHERE project_id = {project} AND number % 10 = 1
    AND (assignee_id IS NULL OR assignee_id <> {first_agent} + number / 10 % {agents});

-- The session itself says the same.
UPDATE sessions SET people = '{"joined":[' || ({first_agent} + number / 50 % {agents}) || ']}'
WHERE project_id = {project} AND id IN (SELECT session_id FROM session_participants);

UPDATE sessions SET people = '{"left":[' || ({first_agent} + number / 10 % {agents}) || ']}'
WHERE project_id = {project} AND id IN (SELECT session_id FROM session_departures);

UPDATE projects SET last_session_number = {sessions} WHERE id = {project};
