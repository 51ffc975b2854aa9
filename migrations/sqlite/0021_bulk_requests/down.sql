DROP TABLE bulk_requests;
