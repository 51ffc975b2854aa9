-- How people come and go: seats, invitations, and teams that are gone. The same change stands in ../../postgres.

-- How many agents a workspace may have, those included who are invited; empty for any number.
ALTER TABLE workspaces ADD COLUMN seats BIGINT;

-- A team that is gone stays for the sake of the closed sessions that were for it. Nobody sees it any more, and its name is
-- free for another one.
ALTER TABLE teams ADD COLUMN deleted_at BIGINT;

-- Who may become an agent by telling a code.
CREATE TABLE invitations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    hash TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    workspace_role TEXT NOT NULL,
    invited_by BIGINT NOT NULL REFERENCES agents (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    accepted_at BIGINT,
    revoked_at BIGINT,
    -- Who has come of it.
    agent_id BIGINT REFERENCES agents (id)
);
CREATE INDEX invitations_of_workspace ON invitations (workspace_id, id);
CREATE UNIQUE INDEX invitations_open_of_email ON invitations (workspace_id, email)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;

-- What they are to be in the projects.
CREATE TABLE invitation_roles (
    invitation_id BIGINT NOT NULL REFERENCES invitations (id),
    project_id BIGINT NOT NULL REFERENCES projects (id),
    role TEXT NOT NULL,
    -- The numbers of the teams, as JSON.
    team_ids TEXT,
    PRIMARY KEY (invitation_id, project_id)
);
CREATE INDEX invitation_roles_of_project ON invitation_roles (project_id, invitation_id);

CREATE INDEX agents_of_workspace ON agents (workspace_id, id);
