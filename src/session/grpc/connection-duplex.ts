import { Duplex } from "node:stream";
import type { Connection } from "../connection.ts";

/**
 * A connection as a stream of node's, for `node:http2`, which serves any `Duplex` and not only sockets. Either half
 * closes by itself; destroying the stream with an error resets the connection.
 */
export function toDuplex(connection: Connection): Duplex {
  return new Duplex({
    allowHalfOpen: true,
    read() {
      connection.read().then(
        (bytes) => this.push(bytes ?? null),
        (error: Error) => this.destroy(error),
      );
    },
    write(bytes: Buffer, _encoding, done) {
      const room = connection.write(bytes);
      if (room === undefined) done();
      else room.then(() => done(), done);
    },
    final(done) {
      connection.end();
      done();
    },
    destroy(error, done) {
      if (error === null) connection.end();
      else connection.reset();
      done(error);
    },
  });
}
