// The audits of the GraphQL-over-HTTP specification by `graphql-http`: no error and no warning. What a server may
// leave out, and this one does, is listed.

import { auditServer } from 'graphql-http';

import { Server } from '../server.js';

/** The header without which GET is refused, lest a foreign page makes a browser send it. */
const PREFLIGHT = { 'x-graphql-preflight': '1' };

export async function audit(report) {
  await Server.during(report, async ({ graphqlUrl }) => {
    await auditWith(report, graphqlUrl, 'as a client that knows nothing of this server', {});
    await auditWith(report, graphqlUrl, 'as a client that sends the preflight header', PREFLIGHT);
  });
}

async function auditWith(report, url, manner, headers) {
  console.log(`-- ${manner}`);
  const fetchFn = (address, options = {}) => fetch(address, { ...options, headers: { ...options.headers, ...headers } });
  for (const { id, name, status, reason } of await auditServer({ url, fetchFn })) {
    if (status === 'ok') report.pass(`${id} ${name}`);
    else if (status === 'notice') console.log(`note  ${id} ${name}: ${reason}`);
    else report.fail(`${id} ${name}`, `${status}: ${reason}`);
  }
}
