-- What search finds texts by. The same change stands in ../../postgres.

-- What is in the index: the number of a message, a customer or a session, times four, and the kind. The grams are kept
-- where they cannot be computed from the present text: of a message they can, since one that is reworded leaves the
-- index with its old words.
CREATE TABLE search_documents (
    doc BIGINT NOT NULL PRIMARY KEY,
    grams TEXT NOT NULL
);
-- For each gram the documents that have it, and nothing else.
CREATE VIRTUAL TABLE search_index USING fts5(grams, content = '', columnsize = 0, detail = none, tokenize = 'ascii');

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
