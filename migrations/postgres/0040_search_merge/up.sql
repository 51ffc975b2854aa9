-- What SQLite has in segments that the desk merges, in ../../sqlite, is in one piece here, so that there is only to be said what
-- the table is.
COMMENT ON TABLE search_documents IS 'By which grams texts are found, in small and in large buckets.';
