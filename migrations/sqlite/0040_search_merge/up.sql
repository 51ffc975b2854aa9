-- The desk merges the segments of the index as soon as there are two of a size, where FTS5 would leave three. On PostgreSQL, in
-- ../../postgres, there is nothing to merge.
INSERT INTO search_index (search_index, rank) VALUES ('usermerge', 2);
