// Makes the published schema the released one. Part of every release; see README.md.

import { readFile, writeFile } from 'node:fs/promises';

import { SCHEMA } from '../paths.js';
import { shortNotices, wrongDeprecations } from './policy.js';
import { RELEASED } from './released.js';

const today = new Date().toISOString().slice(0, 10);
const [released, current] = await Promise.all([readFile(RELEASED, 'utf8'), readFile(SCHEMA, 'utf8')]);
const objections = [...wrongDeprecations(released, current), ...shortNotices(released, current, today)];
if (objections.length > 0) {
  console.error(objections.join('\n'));
  process.exit(1);
}
await writeFile(RELEASED, current);
console.log('tests/audits/released.graphql is the schema of this release. Commit it.');
