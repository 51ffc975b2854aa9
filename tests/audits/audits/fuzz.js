// schemathesis: made-up operations over the whole schema, the same ones each time, none of which may make the server
// fail. What counts as a fault is in fuzz/hooks.py.

import { mkdir, rm } from 'node:fs/promises';

import { run } from '../command.js';
import { installPythonPackages } from '../install.js';
import { SCHEMA, TARGET } from '../paths.js';
import { Server } from '../server.js';

const FUZZ = new URL('../fuzz/', import.meta.url);

/** Where schemathesis keeps what it has seen. It begins with nothing each time, so that each run is the same. */
const MEMORY = new URL('audits/fuzz/', TARGET);

/** How many operations are made up for each field of Query and Mutation. */
const EXAMPLES_PER_FIELD = 60;

/** What would end the sign-in that all others need. */
const LEFT_OUT = ['Mutation.signOut'];

/** What is refused for its rate does not get to where faults are. */
const SETTINGS = { SWITCHBOARD_RATE_LIMIT_POINTS: '0' };

export async function audit(report) {
  const programs = await installPythonPackages(new URL('requirements.txt', FUZZ));
  const schemathesis = new URL('schemathesis', programs).pathname;
  await rm(MEMORY, { recursive: true, force: true });
  await mkdir(MEMORY, { recursive: true });
  const audited = async (server) => {
    const { token, execute } = await server.signIn();
    const knownIds = await someIds(execute);
    const output = await run(schemathesis, options(server, token), {
      cwd: MEMORY,
      env: {
        SCHEMATHESIS_HOOKS: 'hooks',
        SWITCHBOARD_KNOWN_IDS: JSON.stringify(knownIds),
        PYTHONPATH: FUZZ.pathname,
        PYTHONDONTWRITEBYTECODE: '1',
      },
    });
    console.log(output.trimEnd());
    report.pass('no operation makes the server fail');
    // Lest all that was checked is that the server refuses everything.
    const { answered = 0 } = JSON.parse(output.match(/^Outcomes: (.*)$/m)?.[1] ?? '{}');
    report.check('many of the operations are executed', answered < 100 ? [`only ${answered} were`] : []);
  };
  await Server.during(report, audited, SETTINGS);
}

function options(server, token) {
  return [
    'run',
    SCHEMA.pathname,
    ...['--url', server.graphqlUrl, '--header', `Authorization: Bearer ${token}`],
    ...['--checks', 'no_fault_of_the_server', '--phases', 'fuzzing', '--mode', 'all'],
    ...['--max-examples', String(EXAMPLES_PER_FIELD), '--generation-deterministic'],
    ...LEFT_OUT.flatMap((field) => ['--exclude-name', field]),
    ...['--warnings', 'off', '--no-color'],
  ];
}

/** A conversation in the sandbox, and the ids of everything in it. */
async function someIds(execute) {
  const { projects } = await execute('{ projects(first: 1) { nodes { id eventCursor } } }');
  const [{ id: projectId }] = projects.nodes;
  const input = { projectId, telegramUserId: '1001', name: 'Ada', text: 'My order has not arrived' };
  await execute(
    'mutation Write($input: SandboxCustomerSendInput!) { sandboxCustomerSend(input: $input) { updateId } }',
    { input },
  );
  const session = await arrived(execute, projectId);
  const { viewer } = await execute('{ viewer { id } }');
  return [projectId, viewer.id, session.id, session.customer.id, session.lastMessage.id];
}

/** The session of the message that was written, once it has arrived. */
async function arrived(execute, projectId) {
  const end = performance.now() + 10_000;
  const query = `query Inbox($projectId: ID!) {
    sessions(projectId: $projectId, first: 1) { nodes { id customer { id } lastMessage { id } } }
  }`;
  while (performance.now() < end) {
    const { sessions } = await execute(query, { projectId });
    if (sessions.nodes.length > 0) return sessions.nodes[0];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the message of the simulated customer did not arrive within 10 seconds');
}
