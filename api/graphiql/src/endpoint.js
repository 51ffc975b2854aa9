// Relative to this page, so that it also works behind a proxy that serves it under another path.

/** Where queries and mutations go. */
export const httpUrl = new URL('graphql', location.href);
httpUrl.search = httpUrl.hash = '';

/** Where subscriptions go. */
export const socketUrl = new URL(httpUrl);
socketUrl.protocol = httpUrl.protocol === 'https:' ? 'wss:' : 'ws:';
