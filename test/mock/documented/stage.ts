/** What every case finds, in a simulated daemon of its own. */
import { request } from "../../playbook/http.ts";
import { heardIn, Mocked, type Scene } from "../../playbook/mocked.ts";
import type { Stage } from "./play.ts";
import type { Case } from "./row.ts";

/** A container that runs, one that has run, and one that never did; a network and a volume. */
export const SCENE: Scene = {
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
export function daemonFor(endpoint: string, { engine, given }: Case): Mocked {
  return new Mocked(engine, sceneOf(endpoint, given));
}

/** A fault that does not say what it strikes, strikes what is asked in the end. */
function sceneOf(endpoint: string, { images, networks = [], containers = [], faults = [] }: Scene = {}): Scene {
  return {
    ...SCENE,
    ...(images === undefined ? {} : { images }),
    networks: [...(SCENE.networks ?? []), ...networks],
    containers: [...(SCENE.containers ?? []), ...containers],
    faults: faults.map((fault) => ({ on: endpoint, ...fault })),
  };
}

/** A client that listens for a while keeps its half open so long. */
export function stageOf(docker: Mocked): Stage {
  return {
    asks: async (line, { body, headers = [], sends, hears = 0 }) => {
      const isJson = body !== undefined && !Buffer.isBuffer(body);
      const fields = isJson ? ["Content-Type: application/json", ...headers] : headers;
      const bytes = isJson ? JSON.stringify(body) : (body as Buffer | undefined);
      const client = docker.client();
      await client.sends(request(line, { headers: fields, ...(bytes === undefined ? {} : { body: bytes }) }));
      // What is sent along with the request would be lost (`Hijacked.forgetReadAhead`).
      const head = sends === undefined ? "" : await client.hearsUpTo("\r\n\r\n");
      if (sends !== undefined) await client.sends(sends);
      if (hears > 0) await docker.passes(hears);
      await client.closesItsHalf();
      return heardIn(head + (await client.hearsAll()), line);
    },
  };
}
