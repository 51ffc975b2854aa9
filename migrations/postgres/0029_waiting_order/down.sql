DROP INDEX sessions_waiting_for_all;
DROP INDEX sessions_waiting_in_pool;
DROP INDEX sessions_waiting_by_assignee;
DROP INDEX sessions_waiting_open;
DROP INDEX sessions_waiting;
