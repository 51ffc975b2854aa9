-- Filters of sessions under a name. The same change stands in ../../postgres.

CREATE TABLE saved_views (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    -- Empty for a view that everybody in the project has.
    owner_id BIGINT REFERENCES agents (id),
    name TEXT NOT NULL,
    -- As JSON; empty for every session.
    filter TEXT,
    -- Where it stands among the others.
    place BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX saved_views_of_project ON saved_views (project_id, owner_id, place, id);
