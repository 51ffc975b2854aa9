import { examples } from '../examples/examples.js';

const PREFIX = 'graphiql:';

/** The value of a password in JSON text, also of one that someone is still typing. */
const PASSWORD = /(?<="password"\s*:\s*")(?:[^"\\]|\\.)+/g;

/**
 * Where GraphiQL keeps its tabs: as long as the browser tab, not longer, because the texts of customers are typed into
 * them. Passwords are not kept at all: what is in a tab is written down before it has been run.
 */
export const storage = {
  getItem: (key) => sessionStorage.getItem(key),
  setItem: (key, value) => sessionStorage.setItem(key, withoutPasswords(key, value)),
  removeItem: (key) => sessionStorage.removeItem(key),
  clear: () => keys().forEach((key) => sessionStorage.removeItem(key)),
  get length() {
    return keys().length;
  },
};

/** Puts the examples back, in place of whatever the tabs hold. */
export function restoreExamples() {
  for (const name of ['tabState', 'query', 'variables', 'headers', 'operationName']) storage.removeItem(PREFIX + name);
  showFirstExample();
}

/** GraphiQL takes its tabs from the examples, but what is in the editors at first from its storage alone. */
export function showFirstExample() {
  if (storage.getItem(`${PREFIX}tabState`)) return;
  const [first] = examples;
  storage.setItem(`${PREFIX}query`, first.query);
  storage.setItem(`${PREFIX}variables`, first.variables);
}

function withoutPasswords(key, value) {
  if (key === `${PREFIX}variables`) return value.replaceAll(PASSWORD, '');
  if (key !== `${PREFIX}tabState`) return value;
  const state = JSON.parse(value);
  for (const tab of state.tabs) tab.variables = tab.variables?.replaceAll(PASSWORD, '');
  return JSON.stringify(state);
}

function keys() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}
