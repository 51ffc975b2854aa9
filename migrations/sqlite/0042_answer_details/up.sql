-- What else is to be said again to a request that comes again, as JSON. The same change stands in ../../postgres.

ALTER TABLE idempotency_keys ADD COLUMN details TEXT;
