import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changes, shortNotices, wrongDeprecations } from './policy.js';

const RELEASED = `
  type Query { session(id: ID!, locale: String): Session color: Color }
  type Session { id: ID! old: Old @deprecated(reason: "Use \`id\`. Will be removed on 2027-03-01.") }
  type Old { name: String }
  enum Color { RED GREEN @deprecated(reason: "Nobody likes it. Will be removed on 2027-03-01.") }
`;
const WITHOUT_OLD = RELEASED.replace(/old: Old .*\)/, '').replace(/type Old .*/, '').replace(/GREEN .*\)/, '');

test('the released schema is compatible with itself', async () => {
  assert.deepEqual(await changes(RELEASED, RELEASED, '2027-01-01'), { breaking: [], dangerous: [] });
});

test('what was deprecated may go on its day and not before', async () => {
  assert.equal((await changes(RELEASED, WITHOUT_OLD, '2027-02-28')).breaking.length, 3);
  assert.deepEqual((await changes(RELEASED, WITHOUT_OLD, '2027-03-01')).breaking, []);
});

test('what was deprecated may stay longer than it was promised to', async () => {
  assert.deepEqual((await changes(RELEASED, RELEASED, '2027-03-02')).breaking, []);
});

test('a removed field or argument, another type and a new required argument break clients', async () => {
  for (const [from, to] of [
    ['id: ID! old', 'old'],
    [', locale: String', ''],
    ['id: ID! old', 'id: ID old'],
    ['locale: String', 'locale: String, more: Int!'],
    ['color: Color', ''],
  ]) {
    assert.notDeepEqual((await changes(RELEASED, RELEASED.replace(from, to), '2027-01-01')).breaking, [], to);
  }
});

test('another enum value is only told', async () => {
  const { breaking, dangerous } = await changes(RELEASED, RELEASED.replace('RED', 'RED BLUE'), '2027-01-01');
  assert.deepEqual([breaking.length, dangerous.length], [0, 1]);
});

test('a deprecation needs a day, and the day must not come nearer', () => {
  assert.deepEqual(wrongDeprecations(RELEASED, RELEASED), []);
  const day = 'Will be removed on 2027-03-01.';
  for (const other of ['Will be removed on 2027-02-28.', 'Will be removed soon.', 'Will be removed on 2027-13-01.', '']) {
    assert.equal(wrongDeprecations(RELEASED, RELEASED.replaceAll(day, other)).length, 2, other);
  }
  assert.deepEqual(wrongDeprecations(RELEASED, RELEASED.replaceAll(day, 'Will be removed on 2027-04-01.')), []);
  assert.equal(wrongDeprecations(RELEASED, RELEASED.replace('color: Color', 'color: Color @deprecated')).length, 1);
});

test('at a release, what is newly deprecated has 90 days', () => {
  const current = RELEASED.replace('RED', 'RED @deprecated(reason: "Will be removed on 2027-04-01.")');
  assert.deepEqual(shortNotices(RELEASED, current, '2027-01-01'), []);
  assert.equal(shortNotices(RELEASED, current, '2027-01-02').length, 1);
});
