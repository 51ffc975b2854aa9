-- How the bots are served: whose turn it is in the outbox, how each bot is doing, and projects that are put away.
-- The same tables stand in ../../sqlite.

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
SELECT project_id, chat_id, lane, count(*) FILTER (WHERE state = 'QUEUED'), count(*) FILTER (WHERE state = 'SENDING'),
    CASE WHEN count(*) FILTER (WHERE state = 'SENDING') = 0 THEN max(not_before) END
FROM outbox WHERE state IN ('QUEUED', 'SENDING') AND lane <> 50 GROUP BY project_id, chat_id, lane;

-- The queues follow the calls, whoever writes these. A queue's row is added to and not counted anew, so that two
-- transactions that change one queue cannot overlook each other. Of several queues the rows are locked in one order.
CREATE FUNCTION outbox_queues_join() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox_queues AS queue (project_id, chat_id, lane, waiting, sending, due)
    SELECT project_id, chat_id, lane, sum((state = 'QUEUED')::int), sum((state = 'SENDING')::int),
        CASE WHEN bool_and(state = 'QUEUED') THEN min(not_before) END
    FROM joined WHERE state IN ('QUEUED', 'SENDING') AND lane <> 50
    GROUP BY project_id, chat_id, lane ORDER BY project_id, chat_id, lane
    ON CONFLICT (project_id, chat_id, lane) DO UPDATE SET
        waiting = queue.waiting + excluded.waiting,
        sending = queue.sending + excluded.sending,
        due = CASE WHEN queue.sending + excluded.sending = 0 THEN coalesce(queue.due, excluded.due) END;
    RETURN NULL;
END
$$;
CREATE FUNCTION outbox_queues_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox_queues AS queue (project_id, chat_id, lane, waiting, sending, due)
    SELECT project_id, chat_id, lane, sum(more_waiting), sum(more_sending), min(free_at)
    FROM (
        SELECT project_id, chat_id, lane, -(state = 'QUEUED')::int AS more_waiting,
            -(state = 'SENDING')::int AS more_sending, NULL::bigint AS free_at
        FROM before WHERE state IN ('QUEUED', 'SENDING') AND lane <> 50
        UNION ALL
        SELECT project_id, chat_id, lane, (state = 'QUEUED')::int, (state = 'SENDING')::int,
            CASE state WHEN 'QUEUED' THEN not_before ELSE settled_at END
        FROM after WHERE lane <> 50
    ) AS change
    GROUP BY project_id, chat_id, lane HAVING sum(more_waiting) <> 0 OR sum(more_sending) <> 0
    ORDER BY project_id, chat_id, lane
    ON CONFLICT (project_id, chat_id, lane) DO UPDATE SET
        waiting = queue.waiting + excluded.waiting,
        sending = queue.sending + excluded.sending,
        due = CASE WHEN queue.sending + excluded.sending = 0 AND queue.waiting + excluded.waiting > 0
            THEN coalesce(queue.due, excluded.due) END;
    RETURN NULL;
END
$$;
CREATE FUNCTION outbox_queues_leave() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE outbox_queues AS queue SET
        waiting = queue.waiting - gone.waiting,
        sending = queue.sending - gone.sending,
        due = CASE WHEN queue.sending = gone.sending AND queue.waiting > gone.waiting
            THEN coalesce(queue.due, gone.free_at) END
    FROM (
        SELECT project_id, chat_id, lane, sum((state = 'QUEUED')::int) AS waiting,
            sum((state = 'SENDING')::int) AS sending, max(not_before) AS free_at
        FROM before WHERE state IN ('QUEUED', 'SENDING') GROUP BY project_id, chat_id, lane
    ) AS gone
    WHERE queue.project_id = gone.project_id AND queue.chat_id = gone.chat_id AND queue.lane = gone.lane;
    RETURN NULL;
END
$$;
CREATE TRIGGER outbox_queues_join AFTER INSERT ON outbox
    REFERENCING NEW TABLE AS joined FOR EACH STATEMENT EXECUTE FUNCTION outbox_queues_join();
CREATE TRIGGER outbox_queues_move AFTER UPDATE ON outbox
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION outbox_queues_move();
CREATE TRIGGER outbox_queues_leave AFTER DELETE ON outbox
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION outbox_queues_leave();

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
