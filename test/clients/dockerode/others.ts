/** Other clients, at the same daemon as dockerode: those that do not speak by Node's `http`, or upgrade. */
import { once } from "node:events";
import axios from "axios";
import type Docker from "dockerode";
import got from "got";
import { Agent, fetch, request } from "undici";
import WebSocket from "ws";
import { type Case, type Cases, withContainer, withRunning } from "./case.ts";

const TALKING = { OpenStdin: true, StdinOnce: true, Tty: true };

export const OTHERS: Cases = {
  "ws: attach to a terminal": (docker) =>
    withContainer(docker, { name: "ws", ...TALKING, Cmd: ["sh", "-c", "read x; echo got $x"] }, async (container) => {
      const target = "/containers/ws/attach/ws?stream=1&stdin=1&stdout=1&stderr=1";
      const websocket = new WebSocket(`ws+unix:${getSocket(docker)}:${target}`, { headers: { Host: "docker" } });
      let heard = "";
      websocket.on("message", (bytes) => {
        heard += String(bytes);
      });
      await once(websocket, "open");
      await container.start();
      websocket.send("a word\n");
      await once(websocket, "close");
      return heard;
    }),
  "undici: a stream of logs": requestWithUndici(async (docker, dispatcher) =>
    withContainer(
      docker,
      { name: "undici", Tty: true, Cmd: ["sh", "-c", "echo one; sleep 0.1; echo two"] },
      async (container) => {
        await container.start();
        const { statusCode, body } = await request(`http://docker/containers/${container.id}/logs?follow=1&stdout=1`, {
          dispatcher,
        });
        return [statusCode, await body.text()];
      },
    ),
  ),
  "undici: events, until the client leaves": requestWithUndici(async (docker, dispatcher) => {
    const target = `http://docker/events?filters=${encodeURIComponent('{"container":["undici-2"]}')}`;
    const { body } = await request(target, { dispatcher });
    await docker.createContainer({ name: "undici-2", Image: "busybox" }).then((container) => container.remove());
    for await (const piece of body) return JSON.parse(String(piece).split("\n")[0] as string).Action;
  }),
  "undici: fetch": requestWithUndici(async (_docker, dispatcher) =>
    (await fetch("http://docker/_ping", { dispatcher })).text(),
  ),
  axios: (docker) =>
    withRunning(docker, "axios", async () => {
      const target = "http://docker/containers/axios/json";
      return (await axios.get(target, { socketPath: getSocket(docker) })).data.State.Status;
    }),
  got: async (docker) => (await got(`http://unix:${getSocket(docker)}:/_ping`, { enableUnixSockets: true })).body,
};

function getSocket(docker: Docker): string {
  return (docker.modem as unknown as { socketPath: string }).socketPath;
}

function requestWithUndici(work: (docker: Docker, dispatcher: Agent) => Promise<unknown>): Case {
  return async (docker) => {
    const dispatcher = new Agent({ connect: { socketPath: getSocket(docker) } });
    try {
      return await work(docker, dispatcher);
    } finally {
      await dispatcher.destroy();
    }
  };
}
