import { getOperationAST, parse } from 'graphql';

import { accessToken, forgetTokens, rememberTokens } from '../session/session.js';
import { learnFrom } from '../editor/known-ids.js';
import { subscriptions } from '../live/subscriptions.js';
import { post } from './post.js';

/** GraphiQL's way to the server: subscriptions over a WebSocket, everything else over HTTP. */
export async function fetcher(asked) {
  const operation = operationOf(asked);
  const request = { ...asked, operationName: operation?.name?.value ?? asked.operationName };
  if (operation?.operation === 'subscription') return subscriptions.observable(request, operation);

  const body = await execute(request);
  const fields = operation?.selectionSet.selections ?? [];
  const signsOut = operation?.operation === 'mutation' && fields.some((field) => field.name?.value === 'signOut');
  if (signsOut && body.data && !body.errors) forgetTokens();
  learnFrom(body.data);
  for (const payload of Object.values(body.data ?? {})) {
    if (typeof payload?.accessToken === 'string') rememberTokens(payload);
  }
  return body;
}

/** Runs a query or mutation as whoever is signed in, and once more with a new token if the server refuses the old one. */
export async function execute(request) {
  const token = await accessToken();
  const answer = await post(request, token);
  if (answer.status !== 401 || !token) return answer.body;
  const renewed = await accessToken(token);
  return renewed ? (await post(request, renewed)).body : answer.body;
}

/**
 * The operation that a request asks for. If there is only one, then that one, because shortly after a change of tabs
 * GraphiQL still gives the name from the tab before. Undefined if the server must say what is wrong with the document.
 */
function operationOf({ query, operationName }) {
  try {
    const document = parse(query);
    return getOperationAST(document) ?? getOperationAST(document, operationName) ?? undefined;
  } catch {
    return undefined;
  }
}
