import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { BINARY } from './paths.js';

const LISTENING = 'Listening on ';
const EMAIL = 'admin@localhost';

/** How long the server may take to be ready, and to stop when told to. */
const PATIENCE_MS = 20_000;

/** A server of one audit: on a port and with a database of its own, so that no audit uses up the limits of another. */
export class Server {
  #directory = mkdtempSync(join(tmpdir(), 'switchboard-audit-'));
  #password = randomUUID();
  #lines = [];
  #settings;
  #process;
  #url;

  /** Runs `audit` with a new server, and checks that the server has nothing to complain about. */
  static async during(report, audit, settings = {}) {
    const server = new Server(settings);
    try {
      await server.#start();
      await audit(server);
      await server.#stop();
      report.check('the server logged no error and stopped in good order', server.#complaints());
    } finally {
      server.#remove();
    }
  }

  constructor(settings) {
    this.#settings = settings;
  }

  get url() {
    return this.#url;
  }

  get graphqlUrl() {
    return `${this.#url}/graphql`;
  }

  get email() {
    return EMAIL;
  }

  get password() {
    return this.#password;
  }

  /** Where the client examples look for the server. */
  get environment() {
    return { SWITCHBOARD_URL: this.#url, SWITCHBOARD_EMAIL: EMAIL, SWITCHBOARD_PASSWORD: this.#password };
  }

  /** Signs the administrator in and returns a function that executes an operation, and the token it uses. */
  async signIn() {
    const document = 'mutation SignIn($input: SignInInput!) { signIn(input: $input) { accessToken } }';
    const { signIn } = await this.#execute(document, { input: { email: EMAIL, password: this.#password } });
    const token = signIn.accessToken;
    return { token, execute: (query, variables) => this.#execute(query, variables, token) };
  }

  async #execute(query, variables, token) {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(this.graphqlUrl, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  async #start() {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('SWITCHBOARD_'));
    this.#process = spawn(BINARY, ['serve'], {
      cwd: this.#directory,
      env: {
        ...Object.fromEntries(inherited),
        SWITCHBOARD_LISTEN: '127.0.0.1:0',
        SWITCHBOARD_ADMIN_EMAIL: EMAIL,
        SWITCHBOARD_ADMIN_PASSWORD: this.#password,
        // No audit speaks to Telegram, whatever bot it makes up.
        SWITCHBOARD_TELEGRAM_API_URL: 'http://127.0.0.1:9',
        ...this.#settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    process.once('exit', () => this.#remove());
    const ended = once(this.#process, 'exit').then(([status]) => {
      throw new Error(`${BINARY} ended with ${status} instead of starting:\n${this.#lines.join('\n')}`);
    });
    this.#url = await withinPatience('the server to listen', Promise.race([this.#listening(), ended]));
  }

  #listening() {
    return new Promise((resolve) => {
      for (const stream of [this.#process.stdout, this.#process.stderr]) {
        createInterface(stream).on('line', (line) => {
          this.#lines.push(line);
          if (line.startsWith(LISTENING)) resolve(line.slice(LISTENING.length).trim());
        });
      }
    });
  }

  async #stop() {
    const running = this.#process.exitCode === null && this.#process.signalCode === null;
    if (!running) return;
    this.#process.kill('SIGTERM');
    await withinPatience('the server to stop', once(this.#process, 'exit'));
  }

  #complaints() {
    const complaints = this.#lines.filter((line) => / ERROR |panicked at/.test(line));
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== 0) complaints.push(`the server ended with ${exitCode ?? signalCode}`);
    return complaints;
  }

  #remove() {
    this.#process?.kill('SIGKILL');
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Waits for a promise, but not for ever. */
async function withinPatience(what, promise) {
  let timer;
  const patience = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${PATIENCE_MS / 1000} s for ${what}`)), PATIENCE_MS);
  });
  return Promise.race([promise, patience]).finally(() => clearTimeout(timer));
}
