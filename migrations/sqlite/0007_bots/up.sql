-- How the bots are served: whose turn it is in the outbox, how each bot is doing, and projects that are put away.
-- The same tables stand in ../../postgres.

-- Calls of one lane of one chat are made in order. Each such queue has a row, so that the next calls are found
-- without looking at those behind them, however many wait. The calls of lane 50 keep no order and have no queue.
CREATE TABLE outbox_queues (
    project_id BIGINT NOT NULL REFERENCES projects (id),
    chat_id BIGINT NOT NULL,
    lane INTEGER NOT NULL,
    -- How many calls wait, and how many are under way.
    waiting BIGINT NOT NULL,
    sending BIGINT NOT NULL,
    -- When the first of them may be made; empty while none waits or one is under way.
    due BIGINT,
    PRIMARY KEY (project_id, chat_id, lane)
);
CREATE INDEX outbox_queues_due ON outbox_queues (project_id, lane, due) WHERE due IS NOT NULL;

DROP INDEX outbox_open;
DROP INDEX outbox_next;
DROP INDEX outbox_due;
CREATE INDEX outbox_queued ON outbox (project_id, chat_id, lane, id) WHERE state = 'QUEUED';
CREATE INDEX outbox_unordered ON outbox (project_id, not_before) WHERE state = 'QUEUED' AND lane = 50;
-- Notices and answers, which are about no message.
CREATE INDEX outbox_of_chat ON outbox (project_id, chat_id) WHERE message_id IS NULL;
CREATE INDEX outbox_sending ON outbox (project_id, id) WHERE state = 'SENDING';

INSERT INTO outbox_queues (project_id, chat_id, lane, waiting, sending, due)
SELECT project_id, chat_id, lane, sum(state = 'QUEUED'), sum(state = 'SENDING'),
    CASE WHEN sum(state = 'SENDING') = 0 THEN max(not_before) END
FROM outbox WHERE state IN ('QUEUED', 'SENDING') AND lane <> 50 GROUP BY project_id, chat_id, lane;

-- The queues follow the calls, whoever writes these.
CREATE TRIGGER outbox_queues_join AFTER INSERT ON outbox
WHEN NEW.state IN ('QUEUED', 'SENDING') AND NEW.lane <> 50
BEGIN
    INSERT INTO outbox_queues (project_id, chat_id, lane, waiting, sending, due)
    VALUES (NEW.project_id, NEW.chat_id, NEW.lane, NEW.state = 'QUEUED', NEW.state = 'SENDING',
        CASE NEW.state WHEN 'QUEUED' THEN NEW.not_before END)
    ON CONFLICT DO UPDATE SET
        waiting = waiting + excluded.waiting,
        sending = sending + excluded.sending,
        due = CASE WHEN sending + excluded.sending = 0 THEN coalesce(due, excluded.due) END;
END;
CREATE TRIGGER outbox_queues_move AFTER UPDATE OF state, chat_id, lane ON outbox
WHEN OLD.state <> NEW.state OR OLD.chat_id <> NEW.chat_id OR OLD.lane <> NEW.lane
BEGIN
    UPDATE outbox_queues SET
        waiting = waiting - (OLD.state = 'QUEUED'),
        sending = sending - (OLD.state = 'SENDING'),
        due = CASE WHEN sending = (OLD.state = 'SENDING') AND waiting > (OLD.state = 'QUEUED') THEN
            coalesce(due, CASE NEW.state WHEN 'QUEUED' THEN NEW.not_before ELSE NEW.settled_at END) END
    WHERE project_id = OLD.project_id AND chat_id = OLD.chat_id AND lane = OLD.lane
        AND OLD.state IN ('QUEUED', 'SENDING');
    INSERT INTO outbox_queues (project_id, chat_id, lane, waiting, sending, due)
    SELECT NEW.project_id, NEW.chat_id, NEW.lane, NEW.state = 'QUEUED', NEW.state = 'SENDING',
        CASE NEW.state WHEN 'QUEUED' THEN NEW.not_before END
    WHERE NEW.state IN ('QUEUED', 'SENDING') AND NEW.lane <> 50
    ON CONFLICT DO UPDATE SET
        waiting = waiting + excluded.waiting,
        sending = sending + excluded.sending,
        due = CASE WHEN sending + excluded.sending = 0 THEN coalesce(due, excluded.due) END;
END;
CREATE TRIGGER outbox_queues_leave AFTER DELETE ON outbox
WHEN OLD.state IN ('QUEUED', 'SENDING')
BEGIN
    UPDATE outbox_queues SET
        waiting = waiting - (OLD.state = 'QUEUED'),
        sending = sending - (OLD.state = 'SENDING'),
        due = CASE WHEN sending = (OLD.state = 'SENDING') AND waiting > (OLD.state = 'QUEUED') THEN
            coalesce(due, OLD.not_before) END
    WHERE project_id = OLD.project_id AND chat_id = OLD.chat_id AND lane = OLD.lane;
END;

-- What the process that serves a bot knows of it.
CREATE TABLE bot_status (
    project_id BIGINT NOT NULL PRIMARY KEY REFERENCES projects (id),
    mode TEXT NOT NULL,
    -- Without its secret part.
    webhook_url TEXT,
    pending_updates BIGINT,
    last_error TEXT,
    last_error_at BIGINT,
    revoked BOOLEAN NOT NULL,
    -- Until when Telegram wants to hear nothing of the bot.
    frozen_until BIGINT,
    checked_at BIGINT
);

-- A project that was put away is not served and not listed.
ALTER TABLE projects ADD COLUMN archived_at BIGINT;
