DROP TABLE customer_attributes;
DROP TABLE attribute_definitions;
DROP TABLE customer_profiles;
DROP INDEX customers_by_username;
DROP INDEX customers_of_project;
ALTER TABLE projects DROP COLUMN night;
