/** What a process does when nothing but an intercepted connection could keep it alive. */
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { intercept } from "whalesong/intercept";

const AT = "/nowhere/docker.sock";
const HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

const ways = {
  async stream(connection) {
    await connection.read();
    connection.write(Buffer.from(HEAD));
    for (const piece of ["1", "2", "3"]) {
      // Nothing of this timer holds the process: only the client's socket does.
      await new Promise((resolve) => setTimeout(resolve, 20).unref());
      connection.write(Buffer.from(`2\r\n${piece} \r\n`));
    }
    connection.write(Buffer.from("0\r\n\r\n"));
    await connection.closed;
  },
  async idle(connection) {
    await connection.read();
    connection.write(Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ndone "));
    await connection.closed;
  },
  async unref(connection) {
    await connection.closed;
  },
};

const how = process.argv[2];
intercept(ways[how], { at: [AT] });
if (how === "unref") connect(AT).unref().on("data", console.log);
else get({ socketPath: AT, agent: new Agent({ keepAlive: true }) }, (answer) => answer.pipe(process.stdout));
