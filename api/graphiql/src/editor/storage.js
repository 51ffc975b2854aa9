import { examples } from '../examples/examples.js';

const PREFIX = 'graphiql:';

/**
 * Where GraphiQL keeps its tabs: as long as the browser tab, not longer, because passwords and the texts of customers
 * are typed into them.
 */
export const storage = {
  getItem: (key) => sessionStorage.getItem(key),
  setItem: (key, value) => sessionStorage.setItem(key, value),
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

function keys() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}
