-- The former release has other numbers and buckets, so that its index starts over.
UPDATE search_progress SET position = NULL, messages_below = 0, customers_below = 0, sessions_below = 0;
TRUNCATE search_documents;
ALTER INDEX search_documents_by_gram RESET (gin_pending_list_limit);
