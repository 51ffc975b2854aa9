DELETE FROM sqlite_stat1 WHERE idx IN ('sessions_waiting', 'sessions_waiting_open', 'sessions_waiting_by_assignee',
    'sessions_waiting_in_pool', 'sessions_waiting_for_all');
DROP INDEX sessions_waiting_for_all;
DROP INDEX sessions_waiting_in_pool;
DROP INDEX sessions_waiting_by_assignee;
DROP INDEX sessions_waiting_open;
DROP INDEX sessions_waiting;
