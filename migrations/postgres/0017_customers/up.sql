-- What is known of customers beside what Telegram says. The same change stands in ../../sqlite.

-- When it is night for customers, as JSON; empty for the usual hours.
ALTER TABLE projects ADD COLUMN night TEXT;

CREATE INDEX customers_of_project ON customers (project_id, id);
CREATE INDEX customers_by_username ON customers (project_id, lower(username));

-- What agents have noted of customers. Most have no row.
CREATE TABLE customer_profiles (
    customer_id BIGINT NOT NULL PRIMARY KEY REFERENCES customers (id),
    -- A name of the IANA time zone database.
    time_zone TEXT,
    note TEXT NOT NULL,
    version BIGINT NOT NULL
);

-- The attributes that the customers of a project can have. The type of one stays as it was first.
CREATE TABLE attribute_definitions (
    project_id BIGINT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (project_id, name)
);

-- What integrations say of customers: one of the four values, by the type of the attribute.
CREATE TABLE customer_attributes (
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    name TEXT NOT NULL,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    text TEXT,
    number DOUBLE PRECISION,
    flag BOOLEAN,
    moment BIGINT,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, name)
);
CREATE INDEX customer_attributes_by_text ON customer_attributes (project_id, name, text, customer_id);
CREATE INDEX customer_attributes_by_number ON customer_attributes (project_id, name, number, customer_id);
CREATE INDEX customer_attributes_by_moment ON customer_attributes (project_id, name, moment, customer_id);
