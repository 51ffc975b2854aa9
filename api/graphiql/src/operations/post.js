import { httpUrl } from '../endpoint.js';

/**
 * Sends one operation over HTTP.
 *
 * @param request The query, with its variables and operation name.
 * @param token The access token of whoever asks, or null for nobody.
 * @returns The HTTP status and the decoded body.
 */
export async function post(request, token) {
  const response = await fetch(httpUrl, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(request),
  });
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) };
  } catch {
    throw new Error(`The server answered ${response.status} with something other than JSON: ${text.slice(0, 200)}`);
  }
}
