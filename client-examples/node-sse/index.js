// Follows a desk by server-sent events through a lost connection and a refused token, and checks that no event is
// missing.

import assert from 'node:assert/strict';

import { Inbox } from '../node-shared/inbox.js';
import { Line } from '../node-shared/line.js';
import { customerWrites, findSandbox } from '../node-shared/sandbox.js';
import { Session } from '../node-shared/session.js';
import { settings } from '../node-shared/settings.js';
import { connectTo, follow } from './follow.js';

const { url, email, password } = settings();
const deadline = setTimeout(() => assert.fail('the events did not arrive within 30 seconds'), 30_000);

const session = await Session.signIn(url, email, password);
const sandbox = await findSandbox(session);

// An integration that slept over night: the server does not take its access token any more.
const kept = new Session(session.endpoint, { ...session.tokens, accessToken: 'yesterday' });
const line = await Line.to(url);
const client = connectTo(line.url, kept);

const inbox = new Inbox();
const stopping = new AbortController();
const following = follow(client, sandbox.id, sandbox.eventCursor, inbox.receive, stopping.signal);
following.catch(inbox.fail);

await customerWrites(session, sandbox, 'My order has not arrived');
await inbox.untilMessage('My order has not arrived');
assert.notEqual(kept.tokens.accessToken, 'yesterday', 'the old token was refused, and renewed');

line.cut();
await customerWrites(session, sandbox, 'Are you there?');
await customerWrites(session, sandbox, 'It is urgent');
line.restore();
await inbox.untilMessage('It is urgent');

await customerWrites(session, sandbox, 'Thank you');
await inbox.untilMessage('Thank you');

inbox.assertMessages(['My order has not arrived', 'Are you there?', 'It is urgent', 'Thank you']);

// Queries work the same way: one event, and the end.
const { value } = await client.iterate({ query: '{ viewer { email } }' }).next();
assert.equal(value.data.viewer.email, email);

stopping.abort();
await following;
line.close();
clearTimeout(deadline);
console.log('Every event arrived once and in order.');
