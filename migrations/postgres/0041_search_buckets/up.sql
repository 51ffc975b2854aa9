-- Documents have other numbers, a range for each kind, and smaller buckets, so that the index starts over. On SQLite, in ../../sqlite,
-- there are no buckets. The row of the progress comes first, as it does for whoever indexes.
UPDATE search_progress SET position = NULL, messages_below = 0, customers_below = 0, sessions_below = 0;
TRUNCATE search_documents;
-- Kilobytes. What waits to be sorted into the index is looked through in every bucket.
ALTER INDEX search_documents_by_gram SET (gin_pending_list_limit = 256);
