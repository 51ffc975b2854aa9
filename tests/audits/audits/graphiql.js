// `/graphiql` in a real browser: all tabs of the first conversation, without a violation of the content security policy
// and without a request to another host. And whether what is served is what its sources make.

import { existsSync } from 'node:fs';

import { run } from '../command.js';
import { installNodePackages } from '../install.js';
import { ROOT } from '../paths.js';
import { Skipped } from '../report.js';
import { Server } from '../server.js';

const GRAPHIQL = new URL('api/graphiql/', ROOT);
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

export async function audit(report) {
  await installNodePackages(GRAPHIQL);
  await script(report, 'every document of the page fits the schema', 'validate');
  await script(report, 'dist is what src and the pinned packages make', 'verify');
  if (!existsSync(CHROMIUM)) throw new Skipped(`there is no browser at ${CHROMIUM}; install chromium or set CHROMIUM`);
  await Server.during(report, async ({ url, email, password }) => {
    await script(report, 'the first conversation works in a browser', 'walk', url, email, password);
  });
}

async function script(report, check, name, ...args) {
  try {
    console.log((await run('npm', ['run', '--silent', name, '--', ...args], { cwd: GRAPHIQL })).trimEnd());
    report.pass(check);
  } catch (error) {
    report.fail(check, error.message);
  }
}
