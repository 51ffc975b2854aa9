-- Which team a rule of routing chose for a session. The same change stands in ../../sqlite.

-- Empty if none did, or people have chosen one since.
ALTER TABLE routing_decisions ADD COLUMN ruled_team_id BIGINT;
UPDATE routing_decisions SET ruled_team_id = CAST(REPLACE(REPLACE(scope, '{"team":', ''), '}', '') AS BIGINT)
WHERE scope_source = 'RULE' AND scope LIKE '{"team":%';
