/** Where the desk is and who signs in. The server prints the password of `admin@localhost` at its first start. */
export function settings() {
  const { SWITCHBOARD_URL, SWITCHBOARD_EMAIL, SWITCHBOARD_PASSWORD } = process.env;
  if (!SWITCHBOARD_PASSWORD) throw new Error('Set SWITCHBOARD_PASSWORD to the password that the server printed.');
  return {
    url: SWITCHBOARD_URL ?? 'http://127.0.0.1:4000',
    email: SWITCHBOARD_EMAIL ?? 'admin@localhost',
    password: SWITCHBOARD_PASSWORD,
  };
}
