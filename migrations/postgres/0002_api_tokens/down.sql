DROP TRIGGER rights_by_sign_ins_change ON token_families;
DROP TRIGGER rights_by_memberships_change ON memberships;
DROP TRIGGER rights_of_agents_change ON agents;
DROP TABLE api_tokens;
DROP FUNCTION change_rights_version();
DELETE FROM meta WHERE key = 'rights_version';
