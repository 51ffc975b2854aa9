import { Store } from '../store.js';
import { post } from '../operations/post.js';
import tokenRefresh from './token-refresh.graphql';
import signOutDocument from './sign-out.graphql';
import { handOver, takeOver } from './reload.js';

/** A token this close to its end is renewed before it is used. */
const RENEWAL_MARGIN_MS = 30_000;

/**
 * Who is signed in: `{ accessToken, refreshToken, expiresAt, agent, signIn }`, or null. `signIn` is the time
 * of the sign-in in milliseconds, which stays the same when the tokens are renewed.
 */
export const session = new Store(takeOver());
handOver(() => session.get());

/** Remembers what `signIn` answered, or a `tokenRefresh` that someone ran by hand. */
export function rememberTokens({ accessToken, refreshToken, expiresAt, agent }) {
  session.set({
    accessToken,
    refreshToken: refreshToken ?? null,
    expiresAt: expiresAt ?? null,
    agent: agent ?? null,
    signIn: Date.now(),
  });
}

/** Forgets the tokens without a word to the server. */
export function forgetTokens() {
  session.set(null);
}

/** Ends the session here and on the server. */
export async function signOut() {
  const { accessToken } = session.get() ?? {};
  forgetTokens();
  // The tokens are gone from here in any case; a server that cannot be reached lets them expire.
  if (accessToken) await post({ query: signOutDocument }, accessToken).catch(() => {});
}

/**
 * The access token to use now, renewed if it is about to expire or if it is `refused`, the one that the server has just
 * turned down. Null when nobody is signed in.
 *
 * @throws When the server cannot be reached to renew it.
 */
export async function accessToken(refused = null) {
  const current = session.get();
  if (!current) return null;
  const expiresSoon = current.expiresAt && Date.parse(current.expiresAt) - Date.now() < RENEWAL_MARGIN_MS;
  if (expiresSoon || current.accessToken === refused) await renew();
  return session.get()?.accessToken ?? null;
}

let renewal = null;

/** Each refresh token works once, so all who need a new access token wait for the same renewal. */
function renew() {
  renewal ??= renewOnce().finally(() => (renewal = null));
  return renewal;
}

async function renewOnce() {
  const before = session.get();
  if (!before.refreshToken) return forgetTokens();
  const { status, body } = await post(
    { query: tokenRefresh, variables: { input: { refreshToken: before.refreshToken } } },
    null,
  );
  const renewed = body.data?.tokenRefresh;
  // Someone may have signed in or out while the answer was on its way.
  if (session.get() !== before) return;
  if (renewed?.accessToken) {
    const { accessToken, refreshToken, expiresAt } = renewed;
    session.set({ ...before, accessToken, refreshToken, expiresAt });
  } else if (status === 429 || status >= 500) {
    throw new Error(`The session could not be renewed: the server answered ${status}. Try again in a moment.`);
  } else {
    forgetTokens();
  }
}
