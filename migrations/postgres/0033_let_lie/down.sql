ALTER TABLE session_let_lie DROP COLUMN wall_at;
