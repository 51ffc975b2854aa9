DROP TRIGGER sessions_wait_no_more ON sessions;
DROP FUNCTION forget_that_session_waited();
DROP INDEX sessions_load;
DROP INDEX sessions_line;
