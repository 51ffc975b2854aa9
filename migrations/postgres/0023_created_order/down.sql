DROP INDEX sessions_created_for_all;
DROP INDEX sessions_created_in_pool;
DROP INDEX sessions_created_by_assignee;
