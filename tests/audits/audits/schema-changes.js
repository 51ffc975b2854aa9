// The policy for changes of the schema: nothing breaks clients of the last release, and every deprecation says when it
// ends. README.md has the policy.

import { readFile } from 'node:fs/promises';

import { run } from '../command.js';
import { SCHEMA } from '../paths.js';
import { changes, wrongDeprecations } from '../schema-changes/policy.js';
import { RELEASED } from '../schema-changes/released.js';

export async function audit(report) {
  const tests = new URL('../schema-changes/policy.test.js', import.meta.url);
  await run(process.execPath, ['--test', tests.pathname]);
  report.pass('the check itself finds what it has to find');

  const [released, current] = await Promise.all([readFile(RELEASED, 'utf8'), readFile(SCHEMA, 'utf8')]);
  const { breaking, dangerous } = await changes(released, current, new Date().toISOString().slice(0, 10));
  for (const message of dangerous) console.log(`note  ${message}`);
  report.check('nothing breaks clients of the last release', breaking);
  report.check('every deprecation says on which day it ends', wrongDeprecations(released, current));
}
