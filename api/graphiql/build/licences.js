import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The licences of all packages of which something is in the bundle, by name. */
export async function licenceTexts(root, metafile) {
  const folders = new Set();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = packageFolder(path);
      if (folder && bytesInOutput > 0) folders.add(folder);
    }
  }
  const texts = await Promise.all([...folders].sort().map((folder) => licenceText(join(root, folder))));
  return `The bundle in this folder contains parts of these packages.\n\n${texts.join('\n')}`;
}

function packageFolder(path) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

async function licenceText(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).sort().find((entry) => /^licen[cs]e/i.test(entry));
  const text = file
    ? (await readFile(join(folder, file), 'utf8')).trim()
    : `${license}\nThe package has no licence text of its own. Author: ${author?.name ?? author ?? 'see its repository'}`;
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n\n${text.replaceAll('\r\n', '\n')}\n`;
}
