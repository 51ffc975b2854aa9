DROP TRIGGER sessions_wait_no_more;
DROP INDEX sessions_load;
DROP INDEX sessions_line;
