DROP TABLE typing;
DROP TABLE presence;
DROP INDEX sessions_unanswered;
DROP TABLE session_queue_notes;
DROP TABLE session_let_lie;
DROP TABLE routing_agents;
DROP TABLE routing_rules;
DROP TABLE routing_settings;
