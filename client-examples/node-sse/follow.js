import { createClient } from 'graphql-sse';

import { pause, SESSION_EVENTS } from '../node-shared/events.js';

/** An SSE client in its mode of distinct connections, the default: each operation is a request of its own. */
export function connectTo(url, session) {
  return createClient({
    url: new URL('/graphql', url).href,
    // Sends the access token, and renews it when the server answers 401.
    fetchFn: session.fetch,
    retryAttempts: Infinity,
    retry: (failedAttempts) => {
      if (session.ended) throw new Error('The sign-in has ended. Sign in again.');
      return pause(failedAttempts);
    },
  });
}

/**
 * Follows a project from `after`, the cursor of an event or `eventCursor` of the project. Each event comes once and in
 * order, whatever happens to the connection. Ends when `signal` is aborted.
 */
export async function follow(client, projectId, after, onEvent, signal) {
  let cursor = after;
  // The client sends the variables with each request, and then reads where to go on.
  const variables = {
    projectId,
    get after() {
      return cursor;
    },
  };
  while (!signal.aborted) {
    const errors = await subscription(client, { query: SESSION_EVENTS, variables }, signal, ({ sessionEvents }) => {
      cursor = sessionEvents.cursor;
      onEvent(sessionEvents);
    });
    // The stream ends with the access token; another request gets the next one.
    const expired = errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED');
    if (errors && !expired) throw new Error(JSON.stringify(errors));
  }
}

/** Runs one subscription to its end, and returns its errors if it ended with some. */
function subscription(client, operation, signal, onData) {
  return new Promise((resolve, reject) => {
    let ended;
    const stop = client.subscribe(operation, {
      next: ({ data, errors }) => (errors ? (ended = errors) : onData(data)),
      error: reject,
      complete: () => resolve(ended),
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}
