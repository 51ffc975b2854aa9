import { useEffect, useLayoutEffect } from 'react';
import { useEditorContext } from '@graphiql/react';

import { session } from '../session/session.js';
import { useStore } from '../use-store.js';
import { fill } from './fill.js';
import { knownIds } from './known-ids.js';
import { tabs as tabIds } from './tabs.js';

const KEY = 'switchboard:prefilled';
const prefilled = new Set(JSON.parse(sessionStorage.getItem(KEY) ?? '[]'));

/** Puts the known ids into the variables of the tab in view, and takes the password out of them after sign-in. */
export function Prefill() {
  const { tabs, activeTabIndex, variableEditor } = useEditorContext({ nonNull: true });
  const ids = useStore(knownIds);
  const signIn = useStore(session)?.signIn;
  const active = tabs[activeTabIndex]?.id ?? null;

  // A layout effect, because whoever leaves a subscription asks for the new tab at once.
  useLayoutEffect(() => {
    tabIds.set({ active, all: tabs.map((tab) => tab.id) });
  }, [tabs, active]);

  useEffect(() => {
    const filled = fill(variableEditor?.getValue(), ids, (old) => old === '' || prefilled.has(old));
    if (filled === null) return;
    for (const id of Object.values(ids)) prefilled.add(id);
    sessionStorage.setItem(KEY, JSON.stringify([...prefilled]));
    variableEditor.setValue(filled);
  }, [variableEditor, active, ids]);

  useEffect(() => {
    if (!signIn) return;
    const cleared = fill(variableEditor?.getValue(), { password: '' }, () => true);
    if (cleared !== null) variableEditor.setValue(cleared);
  }, [variableEditor, active, signIn]);

  return null;
}
