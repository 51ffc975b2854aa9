-- Agents with the password of the first one, who is the administrator.
INSERT INTO agents (workspace_id, email, name, password_hash, workspace_role, active, created_at)
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {agents})
SELECT first.workspace_id, 'agent' || n || '@desk.test', 'Agent ' || n, first.password_hash, 'MEMBER', TRUE, first.created_at
FROM numbers CROSS JOIN agents AS first
WHERE first.id = (SELECT min(id) FROM agents);
