DROP TRIGGER rights_by_sign_ins_end;
DROP TRIGGER rights_by_sign_ins_change;
DROP TRIGGER rights_by_memberships_end;
DROP TRIGGER rights_by_memberships_change;
DROP TRIGGER rights_by_memberships_begin;
DROP TRIGGER rights_of_agents_end;
DROP TRIGGER rights_of_agents_change;
DELETE FROM meta WHERE key = 'rights_version';
DROP TABLE api_tokens;
