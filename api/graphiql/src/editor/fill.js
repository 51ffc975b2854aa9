/**
 * Fills ids into the text of a variables pane, at the top or in `input`.
 *
 * @param ids What to fill in, by name.
 * @param replaceable Whether a value may be replaced. What people type themselves stays.
 * @returns The new text, or null if there is nothing to change.
 */
export function fill(text, ids, replaceable) {
  const variables = parseObject(text);
  if (!variables) return null;
  let changed = false;
  for (const object of [variables, variables.input]) {
    for (const [name, id] of Object.entries(ids)) {
      const old = object?.[name];
      if (typeof old !== 'string' || old === id || !replaceable(old)) continue;
      object[name] = id;
      changed = true;
    }
  }
  return changed ? JSON.stringify(variables, null, 2) : null;
}

function parseObject(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    // Someone is in the middle of typing.
    return null;
  }
}
