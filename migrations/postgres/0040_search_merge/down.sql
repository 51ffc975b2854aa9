COMMENT ON TABLE search_documents IS NULL;
