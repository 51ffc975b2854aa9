// Follows a desk over WebSocket through a lost connection and a refused token, and checks that no event is missing.

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

// A console that was left open over night: the server does not take its access token any more.
const kept = new Session(session.endpoint, { ...session.tokens, accessToken: 'yesterday' });
const line = await Line.to(url);
const closeCodes = [];
const client = connectTo(line.url, kept, (code) => closeCodes.push(code));

const inbox = new Inbox();
const stop = follow(client, sandbox.id, sandbox.eventCursor, {
  onEvent: inbox.receive,
  onError: inbox.fail,
});

await customerWrites(session, sandbox, 'My order has not arrived');
await inbox.untilMessage('My order has not arrived');
assert.deepEqual(closeCodes, [4403], 'the old token was refused, and the new one taken');
assert.notEqual(kept.tokens.accessToken, 'yesterday');

line.cut();
await customerWrites(session, sandbox, 'Are you there?');
await customerWrites(session, sandbox, 'It is urgent');
line.restore();
await inbox.untilMessage('It is urgent');
assert.ok(closeCodes.includes(1006), 'the connection was lost');

await customerWrites(session, sandbox, 'Thank you');
await inbox.untilMessage('Thank you');

inbox.assertMessages(['My order has not arrived', 'Are you there?', 'It is urgent', 'Thank you']);

stop();
await client.dispose();
line.close();
clearTimeout(deadline);
console.log('Every event arrived once and in order.');
