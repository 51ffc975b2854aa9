-- Which team a rule of routing chose for a session. The same change stands in ../../postgres.

-- Empty if none did, or people have chosen one since.
ALTER TABLE routing_decisions ADD COLUMN ruled_team_id BIGINT;
UPDATE routing_decisions SET ruled_team_id = CAST(REPLACE(REPLACE(scope, '{"team":', ''), '}', '') AS BIGINT)
WHERE scope_source = 'RULE' AND scope LIKE '{"team":%';
-- What asks for the line as a whole reads it from its index, which is shorter than the others over open sessions.
UPDATE sqlite_stat1 SET stat = '40 20 2 1 1 1' WHERE idx = 'sessions_line';
