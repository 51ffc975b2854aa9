DROP TABLE knowledge_answers;
DROP TABLE knowledge_entries;
