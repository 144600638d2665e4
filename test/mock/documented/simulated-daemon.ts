/** What every case finds, in a simulated daemon of its own. */
import { request } from "../../playbook/http.ts";
import { type InitialState, MockedDaemon, parseTestResponse } from "../../playbook/mocked.ts";
import type { StatusCase } from "./endpoint-row.ts";
import type { DaemonUnderTest } from "./play-case.ts";

/** A container that runs, one that has run, and one that never did; a network and a volume. */
export const INITIAL_STATE: InitialState = {
  networks: ["back"],
  volumes: ["data"],
  containers: [
    { name: "fresh", image: "busybox", state: "created", command: ["echo", "hello"] },
    { name: "job", image: "busybox", state: "exited", exitCode: 3, logs: ["begun", { stderr: "failed" }, "over"] },
    {
      name: "web",
      image: "busybox",
      labels: { tier: "front" },
      ports: ["8080:80"],
      volumes: ["pages:/srv"],
      files: { "/etc/page": "hello\n" },
      logs: ["ready"],
    },
  ],
};

/** The daemon that a case is asked of. */
export function createDaemon(endpoint: string, { engine, setup: given }: StatusCase): MockedDaemon {
  return new MockedDaemon(engine, mergeState(endpoint, given));
}

/** A fault that does not say what it strikes, strikes what is asked in the end. */
function mergeState(
  endpoint: string,
  { images, networks = [], containers = [], faults = [] }: InitialState = {},
): InitialState {
  return {
    ...INITIAL_STATE,
    ...(images === undefined ? {} : { images }),
    networks: [...(INITIAL_STATE.networks ?? []), ...networks],
    containers: [...(INITIAL_STATE.containers ?? []), ...containers],
    faults: faults.map((fault) => ({ on: endpoint, ...fault })),
  };
}

/** A client that listens for a while keeps its half open so long. */
export function toDaemonUnderTest(docker: MockedDaemon): DaemonUnderTest {
  return {
    request: async (line, { body, headers = [], sendsAfterHead: sends, listensMs: hears = 0 }) => {
      const isJson = body !== undefined && !Buffer.isBuffer(body);
      const fields = isJson ? ["Content-Type: application/json", ...headers] : headers;
      const bytes = isJson ? JSON.stringify(body) : (body as Buffer | undefined);
      const client = docker.client();
      await client.sends(request(line, { headers: fields, ...(bytes === undefined ? {} : { body: bytes }) }));
      // dockerd drops what comes along with the request (`HijackedConnection.dropReadAhead`).
      const head = sends === undefined ? "" : await client.hearsUpTo("\r\n\r\n");
      if (sends !== undefined) await client.sends(sends);
      if (hears > 0) await docker.passes(hears);
      await client.closesItsHalf();
      return parseTestResponse(head + (await client.hearsAll()), line);
    },
  };
}
