// A listener on this machine that notes whoever calls: TCP (HTTP and everything else) and UDP.

import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Who connected and sent nothing: a browser that opens a connection ahead of a navigation. */
export const NOTHING_SENT = 'a TCP connection, and nothing sent';

/** No content: a page that gets out is not replaced by what it asked for, and can be closed as it is. */
const ANSWER = 'HTTP/1.1 204 No Content\r\naccess-control-allow-origin: *\r\nconnection: close\r\n\r\n';

export class Trap {
  #calls = [];
  #heard = () => {};

  static async set() {
    const trap = new Trap();
    trap.server = createServer((socket) => {
      socket.unref();
      trap.#calls.push(NOTHING_SENT);
      socket.on('error', () => {});
      socket.once('data', (data) => {
        const [line] = data.toString('latin1').split('\r\n');
        trap.#calls.splice(trap.#calls.indexOf(NOTHING_SENT), 1, `TCP: ${line}`);
        trap.#heard();
        socket.end(ANSWER);
      });
    });
    trap.socket = createSocket('udp4', (data) => {
      trap.#calls.push(`UDP: ${data.length} bytes`);
      trap.#heard();
    });
    await new Promise((resolve) => trap.server.listen(0, '127.0.0.1', resolve));
    await new Promise((resolve) => trap.socket.bind(0, '127.0.0.1', resolve));
    trap.server.unref();
    trap.socket.unref();
    const tcp = trap.server.address().port;
    const udp = trap.socket.address().port;
    const [http, ws] = [`http://127.0.0.1:${tcp}`, `ws://127.0.0.1:${tcp}`];
    trap.addresses = { http, ws, tcp, udp, port: tcp };
    return trap;
  }

  /** Whether an address is the trap's. */
  is(url) {
    return [this.addresses.tcp, this.addresses.udp].includes(Number(new URL(url).port));
  }

  /** Resolves when somebody calls. */
  next() {
    return new Promise((resolve) => {
      this.#heard = () => resolve('heard');
    });
  }

  /** Who called since it was asked last. */
  caught() {
    return this.#calls.splice(0);
  }

  close() {
    this.server.close();
    this.socket.close();
  }
}
