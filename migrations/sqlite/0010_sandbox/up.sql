-- What is arranged for the simulated Telegram of a sandbox, by whichever process. The same change stands in
-- ../../postgres.

-- What waits from before has another form.
DELETE FROM sandbox_updates;
-- Whose update it is, where one simulated customer is behind it, so that erasing a customer finds it.
ALTER TABLE sandbox_updates ADD COLUMN telegram_user_id BIGINT;

-- The simulated customers who have blocked the bot.
CREATE TABLE sandbox_blocks (
    project_id BIGINT NOT NULL REFERENCES projects (id),
    telegram_user_id BIGINT NOT NULL,
    PRIMARY KEY (project_id, telegram_user_id)
);

-- What goes wrong with calls of the bot: the next so many, or all if there is no number. A method and a chat narrow down
-- which; the method is in lower case.
CREATE TABLE sandbox_faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id),
    method TEXT,
    chat_id BIGINT,
    fault TEXT NOT NULL,
    strikes_left BIGINT
);
CREATE INDEX sandbox_faults_of_project ON sandbox_faults (project_id, id);
