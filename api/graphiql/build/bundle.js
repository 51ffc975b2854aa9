import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

import { licenceTexts } from './licences.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = (name) => new URL(`../src/${name}`, import.meta.url);

/**
 * Makes all files of `dist`, in memory: their contents by name. The same sources and packages give the same bytes, on
 * any machine.
 */
export async function bundle() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { page: 'src/entry.js' },
    outdir: 'dist',
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    legalComments: 'none',
    charset: 'utf8',
    format: 'iife',
    target: ['es2022'],
    jsx: 'automatic',
    loader: { '.graphql': 'text' },
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: { 'react-style-singleton': './src/adopted-styles.js' },
    plugins: [withoutFonts],
  });
  const files = {
    'icon.svg': await readFile(source('icon.svg'), 'utf8'),
    'index.html': await readFile(source('index.html'), 'utf8'),
    'THIRD-PARTY-LICENCES.txt': await licenceTexts(root, metafile),
  };
  for (const { path, text } of outputFiles) files[path.split(/[\\/]/).at(-1)] = text;

  const revision = revisionOf(files);
  files['index.html'] = files['index.html'].replaceAll('REVISION', revision);
  files['revision.txt'] = revision;
  return files;
}

/** The page uses fonts of the system; those inside GraphiQL's style sheet are nine tenths of it. */
const withoutFonts = {
  name: 'without-fonts',
  setup({ onLoad }) {
    onLoad({ filter: /graphiql[\\/]dist[\\/]style\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(/@font-face\s*\{[^}]*\}/g, ''),
      loader: 'css',
    }));
  },
};

/** Names the contents, so that browsers may keep them for good. */
function revisionOf(files) {
  const hash = createHash('sha256');
  for (const name of Object.keys(files).sort()) hash.update(`${name}\0${files[name]}\0`);
  return hash.digest('hex').slice(0, 16);
}
