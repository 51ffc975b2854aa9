import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Nothing that an audit starts takes longer than this. */
const LONGEST_MS = 5 * 60_000;

/**
 * Runs a command to its end and returns what it printed.
 *
 * @throws If it fails or does not end in time; the message has what it printed.
 */
export async function run(command, args, { cwd, env = {} } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.timeout(LONGEST_MS),
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const called = [command, ...args].join(' ');
  try {
    const [status, signal] = await once(child, 'close');
    if (status !== 0) throw new Error(`${called} ended with ${status ?? signal}:\n${output}`);
  } catch (error) {
    if (error.code === 'ABORT_ERR') throw new Error(`${called} did not end in ${LONGEST_MS / 1000} s:\n${output}`);
    throw error;
  }
  return output;
}
