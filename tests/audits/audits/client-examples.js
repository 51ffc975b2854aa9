// The client examples, each that needs one against a server of its own.

import { run } from '../command.js';
import { installNodePackages, installPythonPackages } from '../install.js';
import { ROOT } from '../paths.js';
import { Server } from '../server.js';

const EXAMPLES = new URL('client-examples/', ROOT);

export async function audit(report) {
  for (const name of ['node-ws', 'node-sse']) {
    const directory = new URL(`${name}/`, EXAMPLES);
    await installNodePackages(directory);
    await conversation(report, name, 'npm', ['start', '--silent'], directory);
  }
  const directory = new URL('python-gql/', EXAMPLES);
  const python = new URL('python', await installPythonPackages(new URL('requirements.txt', directory)));
  await conversation(report, 'python-gql', python.pathname, ['-B', 'main.py'], directory);
  for (const name of ['curl.sh', 'photo.sh']) {
    await conversation(report, name, new URL(name, EXAMPLES).pathname, [], EXAMPLES);
  }

  const relay = new URL('relay/', EXAMPLES);
  await installNodePackages(relay);
  await example(report, 'relay', 'npm', ['run', '--silent', 'validate'], { cwd: relay });
}

async function conversation(report, name, command, args, cwd) {
  await Server.during(report, ({ environment: env }) => example(report, name, command, args, { cwd, env }));
}

async function example(report, name, command, args, options) {
  try {
    console.log((await run(command, args, options)).trimEnd());
    report.pass(name);
  } catch (error) {
    report.fail(name, error.message);
  }
}
