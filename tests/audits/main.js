// Runs audits one after the other and ends with how many checks passed. See `run`.

import { readdir } from 'node:fs/promises';

import { installNodePackages } from './install.js';
import { Report } from './report.js';
import { ROOT } from './paths.js';

const AUDITS = new URL('audits/', import.meta.url);

const known = (await readdir(AUDITS)).map((file) => file.replace('.js', '')).sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no audit called ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  process.exit(2);
}

await installNodePackages(new URL('tests/audits/', ROOT));
const report = new Report();
for (const name of wanted.length > 0 ? wanted : known) {
  const { audit } = await import(new URL(`${name}.js`, AUDITS));
  await report.section(name, audit);
}
report.summarize();
process.exitCode = report.failed > 0 || report.passed === 0 ? 1 : 0;
