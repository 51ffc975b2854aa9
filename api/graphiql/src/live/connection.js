import { createClient } from 'graphql-ws';

import { socketUrl } from '../endpoint.js';
import { accessToken } from '../session/session.js';

/** The code with which the server closes a socket whose access token has expired. */
const FORBIDDEN = 4403;
const LONGEST_WAIT_MS = 10_000;

/**
 * A WebSocket that opens with the first subscription, comes back when it is lost, and gets a new token when the server
 * no longer takes the one it has.
 *
 * @param onConnected Called with whether the socket is up, each time that changes.
 */
export function connect(onConnected) {
  let used = null;
  let refused = null;
  return createClient({
    url: socketUrl.href,
    lazy: true,
    retryAttempts: Infinity,
    // Also when the server cannot be reached at all. The close codes that are final are so in any case.
    shouldRetry: () => true,
    retryWait: (retries) => wait(Math.min(500 * 2 ** retries, LONGEST_WAIT_MS) * (0.75 + Math.random() / 2)),
    connectionParams: async () => {
      used = await accessToken(refused);
      return used ? { Authorization: `Bearer ${used}` } : {};
    },
    on: {
      connected: () => onConnected(true),
      closed: ({ code }) => {
        if (code === FORBIDDEN) refused = used;
        onConnected(false);
      },
    },
  });
}

function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
