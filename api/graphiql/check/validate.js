// Checks every GraphQL document of the page against the schema.
//
//   node check/validate.js [SCHEMA FILE]

import { readdir, readFile } from 'node:fs/promises';
import { buildSchema, parse, validate } from 'graphql';

const sources = new URL('../src/', import.meta.url);
const schemaFile = process.argv[2] ?? new URL('../../../schema.graphql', import.meta.url);
const schema = buildSchema(await readFile(schemaFile, 'utf8'));

let passed = 0;
let failed = 0;
for (const name of (await readdir(sources, { recursive: true })).sort()) {
  if (!name.endsWith('.graphql')) continue;
  const errors = validate(schema, parse(await readFile(new URL(name, sources), 'utf8')));
  if (errors.length === 0) passed += 1;
  else failed += 1;
  for (const error of errors) console.error(`${name}: ${error.message}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
