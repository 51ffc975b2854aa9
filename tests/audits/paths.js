import { execFileSync } from 'node:child_process';

/** The root of the repository. */
export const ROOT = new URL('../../', import.meta.url);

/** The published schema. */
export const SCHEMA = new URL('schema.graphql', ROOT);

/** The directory that cargo builds into. */
export const TARGET = new URL(`file://${targetDirectory()}/`);

/** The server to audit. */
export const BINARY = process.env.SWITCHBOARD_BIN ?? new URL('debug/switchboard', TARGET).pathname;

function targetDirectory() {
  const metadata = execFileSync('cargo', ['metadata', '--format-version', '1', '--no-deps', '--offline'], { cwd: ROOT });
  return JSON.parse(metadata).target_directory;
}
