-- What search finds texts by. The same change stands in ../../sqlite.

-- What is in the index: the number of a message, a customer or a session, times four, and the kind; with its grams,
-- which differ from one stretch of numbers to the next, so that the newest texts are found without the older ones.
CREATE TABLE search_documents (
    doc BIGINT NOT NULL PRIMARY KEY,
    grams SMALLINT[] NOT NULL
);
CREATE INDEX search_documents_by_gram ON search_documents USING gin (grams);

-- How far the index has come: the place in the event log up to which it follows, and below which numbers what was
-- there before is still to be taken in.
CREATE TABLE search_progress (
    id INTEGER PRIMARY KEY,
    position TEXT,
    messages_below BIGINT NOT NULL,
    customers_below BIGINT NOT NULL,
    sessions_below BIGINT NOT NULL
);
INSERT INTO search_progress (id, messages_below, customers_below, sessions_below) VALUES (1, 0, 0, 0);
