DROP INDEX agents_of_workspace;
DROP TABLE invitation_roles;
DROP TABLE invitations;
ALTER TABLE teams DROP COLUMN deleted_at;
ALTER TABLE workspaces DROP COLUMN seats;
