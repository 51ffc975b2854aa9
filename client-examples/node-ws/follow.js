import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { pause, SESSION_EVENTS } from '../node-shared/events.js';

/** The close code of a server that does not take the access token, or does not take it any more. */
const FORBIDDEN = 4403;

/**
 * A WebSocket client that comes back whenever its connection is lost, and with a new token when the server wants one.
 *
 * @param onClosed Called with the code each time the socket is closed.
 */
export function connectTo(url, session, onClosed = () => {}) {
  let used;
  let refused;
  return createClient({
    url: new URL('/graphql', url.replace('http', 'ws')).href,
    webSocketImpl: WebSocket,
    connectionParams: async () => {
      used = await session.accessToken(refused);
      return { Authorization: `Bearer ${used}` };
    },
    on: {
      closed: ({ code }) => {
        if (code === FORBIDDEN) refused = used;
        onClosed(code);
      },
    },
    // The default gives up when the server cannot be reached at all. Close codes that cannot be mended by another
    // attempt, such as 4400, end a subscription in any case.
    shouldRetry: () => !session.ended,
    retryAttempts: Infinity,
    retryWait: pause,
  });
}

/**
 * Follows a project from `after`, the cursor of an event or `eventCursor` of the project. Each event comes once and in
 * order, whatever happens to the connection.
 *
 * @returns A function that ends it.
 */
export function follow(client, projectId, after, { onEvent, onError }) {
  let cursor = after;
  // The client sends the variables each time it has connected, and then reads where to go on.
  const variables = {
    projectId,
    get after() {
      return cursor;
    },
  };
  return client.subscribe(
    { query: SESSION_EVENTS, variables },
    {
      next: ({ data, errors }) => {
        if (errors) return onError(errors);
        cursor = data.sessionEvents.cursor;
        onEvent(data.sessionEvents);
      },
      error: onError,
      complete: () => {},
    },
  );
}
