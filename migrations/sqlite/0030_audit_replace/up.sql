-- What takes the place of an entry of the audit log is refused as well: SQLite tells no trigger for deletions of the row that
-- INSERT OR REPLACE takes away. The same number stands in ../../postgres, where such a statement is an update.

CREATE TRIGGER audit_log_is_not_replaced BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is only added to');
END;
