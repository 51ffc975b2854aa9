-- Here the trigger of 0011 refuses everything that is refused on SQLite from this number on, so that there is only to be said
-- what the table is. The trigger that SQLite needs stands in ../../sqlite.

COMMENT ON TABLE audit_log IS 'Who did what to which object. It is only added to.';
