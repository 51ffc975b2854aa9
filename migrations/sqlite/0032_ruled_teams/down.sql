UPDATE sqlite_stat1 SET stat = '500 250 60 1 1 1' WHERE idx = 'sessions_line';
ALTER TABLE routing_decisions DROP COLUMN ruled_team_id;
