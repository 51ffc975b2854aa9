ALTER TABLE routing_decisions DROP COLUMN ruled_team_id;
