DELETE FROM sqlite_stat1 WHERE idx IN ('sessions_created_by_assignee', 'sessions_created_in_pool', 'sessions_created_for_all');
DROP INDEX sessions_created_for_all;
DROP INDEX sessions_created_in_pool;
DROP INDEX sessions_created_by_assignee;
