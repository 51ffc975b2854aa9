// Checks that `dist` is what the sources and the pinned packages give, so that nobody has to trust minified code.
// Compressed copies are compared by what is in them: another zlib may write other bytes.

import { readdir, readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

import { bundle } from './bundle.js';

const dist = new URL('../dist/', import.meta.url);
const expected = await bundle();
const found = (await readdir(dist)).filter((name) => name !== 'SHA256SUMS');
const complaints = [];

for (const name of Object.keys(expected)) {
  if (!found.includes(name)) complaints.push(`${name} is missing`);
}
for (const file of found) {
  const compressed = file.endsWith('.gz');
  const name = compressed ? file.slice(0, -3) : file;
  const bytes = await readFile(new URL(file, dist));
  const text = (compressed ? gunzipSync(bytes) : bytes).toString('utf8');
  if (!(name in expected)) complaints.push(`${file} is not made by the build`);
  else if (text !== expected[name]) complaints.push(`${file} differs from what the build makes`);
}

for (const complaint of complaints) console.error(`graphiql: ${complaint}`);
if (complaints.length > 0) {
  console.error('graphiql: run `npm ci && npm run build` in api/graphiql and commit dist');
  process.exit(1);
}
console.log(`graphiql: ${found.length} files are what the build makes`);
