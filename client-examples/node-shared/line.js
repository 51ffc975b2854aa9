import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** A network between a client and the server that can be cut, to see that the client gets over it. */
export class Line {
  #server;
  #whole = true;
  #sockets = new Set();

  static async to(url) {
    const line = new Line(new URL(url));
    line.#server.listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    return line;
  }

  constructor({ hostname, port }) {
    this.#server = createServer((client) => {
      if (!this.#whole) return client.destroy();
      const server = connect(port, hostname);
      this.#keep(client, server);
      client.pipe(server).pipe(client);
    });
  }

  /** Where clients connect to. */
  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** Breaks all connections, and refuses new ones. */
  cut() {
    this.#whole = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  restore() {
    this.#whole = true;
  }

  close() {
    this.cut();
    this.#server.close();
  }

  #keep(...ends) {
    for (const end of ends) {
      this.#sockets.add(end);
      end.on('error', () => {});
      end.on('close', () => {
        this.#sockets.delete(end);
        for (const other of ends) other.destroy();
      });
    }
  }
}
