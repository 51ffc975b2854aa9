const KEY = 'switchboard:session';

// The tokens are in the browser's session storage only from the moment the page is left until it is back. A browser
// copies that storage into a duplicated tab, and if two tabs had the same refresh token, the second to use it would end
// the session of both, because the server takes it for a stolen one.

/** What the page before this reload handed over, or null. */
export function takeOver() {
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return kept && JSON.parse(kept);
}

/** Hands `current()` over to the page after a reload. */
export function handOver(current) {
  addEventListener('pagehide', () => {
    const session = current();
    if (session) sessionStorage.setItem(KEY, JSON.stringify(session));
  });
  // A page that comes back from the history never lost its memory.
  addEventListener('pageshow', () => sessionStorage.removeItem(KEY));
}
