-- The audit log is read by time and by action without a walk through the rest of it. The same change stands in ../../postgres.

CREATE INDEX audit_log_of_workspace_by_time ON audit_log (workspace_id, at, id);
CREATE INDEX audit_log_of_project_by_time ON audit_log (project_id, at, id);
CREATE INDEX audit_log_of_project_by_action ON audit_log (project_id, action, id);
