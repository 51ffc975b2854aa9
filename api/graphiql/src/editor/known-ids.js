import { Store } from '../store.js';

/** The ids that the examples need, as far as answers and events have shown them: `{ projectId, sessionId }`. */
export const knownIds = new Store({});

/** Looks into the data of an answer or event for ids that the examples can use. */
export function learnFrom(data) {
  if (!data) return;
  const found = {
    projectId: exampleProject(data.projects?.nodes)?.id,
    sessionId: data.sessions?.nodes?.[0]?.id ?? data.sessionEvents?.message?.session?.id,
  };
  const known = knownIds.get();
  const news = Object.entries(found).filter(([name, id]) => typeof id === 'string' && id !== known[name]);
  if (news.length > 0) knownIds.set({ ...known, ...Object.fromEntries(news) });
}

/** Customers can be simulated in a sandbox only. */
function exampleProject(projects) {
  return projects?.find((project) => project?.sandbox) ?? projects?.[0];
}
