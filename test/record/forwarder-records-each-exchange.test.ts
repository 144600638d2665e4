import { describe, expect, test } from "vitest";
import { forward } from "../../src/record/forward.ts";
import { createDaemon } from "../../src/session/daemon.ts";
import { encodeChunkedAnswer, encodeJsonAnswer, request, UPGRADED, upgradeRequest } from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { Studio } from "../playbook/studio.ts";

const VERSION = request("GET /v1.41/version");

describe("a forwarder records each exchange on a connection of its own", () => {
  async function forwarded(): Promise<{ studio: Studio; client: Peer; upstream: (number: number) => Promise<Peer> }> {
    const studio = new Studio({}, (connect, recording) => createDaemon(forward(connect, recording)));
    const upstream = async (number: number): Promise<Peer> => {
      await waitForQuiet();
      return studio.upstreams[number] as Peer;
    };
    return { studio, client: studio.client(), upstream };
  }

  test("one after another, and the daemon's connection is closed each time", async () => {
    const { studio, client, upstream } = await forwarded();
    for (const number of [0, 1]) {
      await client.sends(VERSION);
      const far = await upstream(number);
      await far.hears(VERSION);
      await far.sends(encodeJsonAnswer("200 OK", `${number}\n`));
      await client.hears(encodeJsonAnswer("200 OK", `${number}\n`));
      await far.hearsEnd();
    }
    const report = await studio.finish();
    expect(report).toMatchObject({
      exchanges: 2,
      bytes: { sent: 2 * VERSION.length, received: 2 * encodeJsonAnswer("200 OK", "0\n").length },
    });
  });

  test("with stdin, also what came along with the request and the closing right behind it", async () => {
    const { studio, client, upstream } = await forwarded();
    const attach = upgradeRequest("POST /containers/web/attach?stdin=1");
    await client.sends(Buffer.concat([attach, Buffer.from("early\n")]));
    await client.closesItsHalf();
    const far = await upstream(0);
    await far.hears(attach);
    await far.hearsNothing();
    await far.sends(UPGRADED);
    await client.hears(UPGRADED);
    await far.hears("early\n");
    await far.hearsEnd();
    await far.sends("late");
    await client.hears("late");
    await far.closesItsHalf();
    await client.hearsEnd();
    expect(await studio.exchanges()).toContain(
      'stream:\n  - stdin: "early\\n"\n  - eof: client\n  - tty: late\n'.replace("late", '"late"'),
    );
  });

  test("whose client closes its half still gets the response", async () => {
    const { client, upstream } = await forwarded();
    await client.sends(VERSION);
    await client.closesItsHalf();
    const far = await upstream(0);
    await far.hears(VERSION);
    await far.hearsEnd();
    await far.sends(encodeJsonAnswer("200 OK", "{}\n"));
    await client.hears(encodeJsonAnswer("200 OK", "{}\n"));
    await client.hearsEnd();
  });

  test("whose daemon breaks off breaks off too, and all connections are closed", async () => {
    const { studio, client, upstream } = await forwarded();
    await client.sends(VERSION);
    const far = await upstream(0);
    await far.sends(encodeJsonAnswer("200 OK", "{}\n").slice(0, -2));
    await far.breaksOff();
    await client.hearsUpTo("\r\n\r\n");
    expect(await client.hearsAll()).toBe("{");
    expect(await studio.exchanges()).toContain("  - reset\n");
  });

  test("whose client breaks off resets the daemon's connection", async () => {
    const { studio, client, upstream } = await forwarded();
    await client.sends(request("GET /events"));
    const far = await upstream(0);
    await far.hearsUpTo("\r\n\r\n");
    await far.sends(encodeChunkedAnswer("200 OK"));
    await client.hears(encodeChunkedAnswer("200 OK"));
    await client.breaksOff();
    await far.hearsReset();
    expect(await studio.exchanges()).toContain("stream:\n  - eof: client\n");
  });

  test("that cannot be followed is passed on until it ends", async () => {
    const { studio, client, upstream } = await forwarded();
    await client.sends(VERSION);
    const far = await upstream(0);
    await far.hears(VERSION);
    await far.sends("nonsense\r\n\r\n");
    await client.hears("nonsense\r\n\r\n");
    await client.sends("on");
    await far.hears("on");
    await far.closesItsHalf();
    await client.hearsEnd();
    expect(studio.warnings).toHaveLength(1);
  });
});
