// Writes `dist`: the files of the bundle, gzipped copies of the large ones, and the checksums of the former.

import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

import { bundle } from './bundle.js';

const dist = new URL('../dist/', import.meta.url);
const files = await bundle();

await rm(dist, { recursive: true, force: true });
await mkdir(dist);
const checksums = [];
for (const name of Object.keys(files).sort()) {
  await writeFile(new URL(name, dist), files[name]);
  checksums.push(`${createHash('sha256').update(files[name]).digest('hex')}  ${name}\n`);
  if (/\.(js|css)$/.test(name)) await writeFile(new URL(`${name}.gz`, dist), gzipSync(files[name], { level: 9 }));
}
await writeFile(new URL('SHA256SUMS', dist), checksums.join(''));
console.log(checksums.join('').trimEnd());
