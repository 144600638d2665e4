import { describe, expect, test } from "vitest";
import { systemClock } from "../../../src/io/clock.ts";
import { BuildClient, call, collect, makeId } from "./build-client.ts";
import { theatreOf } from "./build-theatre.ts";
import { CANCELLED, LOCAL, PLAIN } from "./recorded-builds.ts";

const CONTROL = "/moby.buildkit.v1.Control/";
const BRIDGE = "/moby.buildkit.v1.frontend.LLBBridge/";
const OK = { code: 0, message: "" };
const LIMITS = { step: 100, transfer: 100, refusal: 50, leave: 100 };

function startSolve(control: Awaited<ReturnType<BuildClient["connect"]>>, id: string, session: string) {
  return call(control, `${CONTROL}Solve`, { Ref: id, ...PLAIN.solve, Session: session });
}

describe("each build ends within its limit, saying why:", () => {
  test("one whose client opens no session", async () => {
    const theatre = await theatreOf("plain", { limits: LIMITS });
    const client = new BuildClient(theatre.daemon);
    const control = await client.connect();
    const [id, session] = [makeId(), makeId()];
    const solve = startSolve(control, id, session);
    void client.runFrontend(control, PLAIN.frontend, id, session);
    expect(await solve.status).toMatchObject({
      code: 9,
      message: expect.stringContaining("the client did not open the session of its build (run.yaml:251)"),
    });
  });

  test("one whose client never asks the frontend", async () => {
    const theatre = await theatreOf("plain", { limits: LIMITS });
    const client = new BuildClient(theatre.daemon);
    const control = await client.connect();
    const [id, session] = [makeId(), makeId()];
    const solve = startSolve(control, id, session);
    await client.openSession(session, PLAIN);
    expect(await solve.status).toMatchObject({
      code: 9,
      message: expect.stringContaining("the client did not call LLBBridge/Solve"),
    });
  });

  test("one whose client sends no files", async () => {
    const theatre = await theatreOf("plain", { limits: LIMITS });
    const client = new BuildClient(theatre.daemon);
    client.serve = () => new Promise(() => undefined);
    const { solve } = await client.build(await client.connect(), PLAIN);
    expect(solve.message).toContain("the client sent nothing for 0.1 s in FileSync/DiffCopy");
  });

  test("one whose client refuses a transfer", async () => {
    const theatre = await theatreOf("plain", { limits: LIMITS });
    const client = new BuildClient(theatre.daemon);
    client.serve = async (made) => made.end({ code: 7, message: "not allowed" });
    const { solve } = await client.build(await client.connect(), PLAIN);
    expect(solve.message).toContain("the client ended FileSync/DiffCopy with status 7, not allowed");
  });

  test("one whose client breaks the protocol of a transfer", async () => {
    const theatre = await theatreOf("plain", { limits: LIMITS });
    const client = new BuildClient(theatre.daemon);
    client.serve = async (made) => void made.send(Buffer.from([0x08, 0x63]));
    const { solve } = await client.build(await client.connect(), PLAIN);
    expect(solve.message).toContain("cannot transfer files: got a packet of type 99");
  });

  test("calls whose Solve never comes, which are misses", async () => {
    const theatre = await theatreOf("plain", { limits: LIMITS });
    const control = await new BuildClient(theatre.daemon).connect();
    const id = makeId();
    const status = call(control, `${CONTROL}Status`, { Ref: id });
    const frontend = call(control, `${BRIDGE}Solve`, PLAIN.frontend, id);
    expect(await status.status).toEqual(OK);
    expect(await frontend.status).toMatchObject({ code: 9, message: expect.stringContaining("no Control/Solve came") });
    expect(theatre.report.missed.map(({ target }) => target).sort()).toEqual(["Control/Status", "LLBBridge/Solve"]);
  });

  test("a call that its client gives up before its Solve has come, which is no miss", async () => {
    const theatre = await theatreOf("plain", { limits: LIMITS });
    const control = await new BuildClient(theatre.daemon).connect();
    const status = call(control, `${CONTROL}Status`, { Ref: makeId() });
    await systemClock.sleep(LIMITS.step / 2);
    control.destroy();
    await status.status.catch(() => undefined);
    await systemClock.sleep(LIMITS.step);
    expect(theatre.report.missed).toEqual([]);
  });

  test("a call whose message never comes", async () => {
    const theatre = await theatreOf("plain", { limits: LIMITS });
    const control = await new BuildClient(theatre.daemon).connect();
    expect(await control.call(`${CONTROL}Solve`).status).toMatchObject({ code: 13 });
    expect(theatre.problems).toEqual([]);
  });

  test("a probe that is left half done", async () => {
    const theatre = await theatreOf("plain", { limits: LIMITS });
    const control = await new BuildClient(theatre.daemon).connect();
    const solve = call(control, `${CONTROL}Solve`, { Ref: makeId(), Session: makeId(), Internal: true });
    expect(await solve.status).toEqual(OK);
  });

  test("one that its client left in the recording, and does not leave now", async () => {
    const theatre = await theatreOf("cancelled", { limits: LIMITS });
    const client = new BuildClient(theatre.daemon);
    const { solve, status } = await client.build(await client.connect(), CANCELLED);
    expect(solve).toMatchObject({ code: 9, message: expect.stringContaining("the recording ends before this call") });
    expect(status).toEqual(OK);
  });

  test("one whose recording was cut", async () => {
    const edit = (text: string): string =>
      text.replace(/^( {2}- call: LLBBridge\/Return\n)[\s\S]*?^---\n/m, "$1  - cut\n---\n");
    const theatre = await theatreOf("plain", { limits: LIMITS, edit });
    const client = new BuildClient(theatre.daemon);
    const { solve, status } = await client.build(await client.connect(), PLAIN);
    expect(solve).toMatchObject({ code: 9, message: expect.stringContaining("the recording ends before this call") });
    expect(status).toEqual(OK);
  });
});

test("what our own disk takes is not the client's silence", async () => {
  const theatre = await theatreOf("local", { limits: { ...LIMITS, step: 1000 }, diskMs: 250 });
  const client = new BuildClient(theatre.daemon);
  const { solve, exported } = await client.build(await client.connect(), LOCAL);
  expect(solve).toEqual(OK);
  expect(exported.get("big")?.content).toHaveLength(70_000);
});

describe("late calls are answered at once:", () => {
  test("a Status that comes when all is over", async () => {
    const theatre = await theatreOf("plain", { limits: LIMITS });
    const client = new BuildClient(theatre.daemon);
    const control = await client.connect();
    const [id, session] = [makeId(), makeId()];
    const solve = startSolve(control, id, session);
    await client.openSession(session, PLAIN);
    await client.runFrontend(control, PLAIN.frontend, id, session);
    expect(await solve.status).toEqual(OK);
    expect(theatre.report.stalled).toEqual(["GRPC /moby.buildkit.v1.Control/Solve waits for Control/Status"]);
    const status = call(control, `${CONTROL}Status`, { Ref: id });
    expect((await collect(status)).length).toBeGreaterThan(10);
    expect(await status.status).toEqual(OK);
    expect(theatre.report.stalled).toEqual([]);
  });

  test("calls that come before their Solve", async () => {
    const theatre = await theatreOf("plain");
    const client = new BuildClient(theatre.daemon);
    const control = await client.connect();
    const [id, session] = [makeId(), makeId()];
    const status = call(control, `${CONTROL}Status`, { Ref: id });
    const frontend = client.runFrontend(control, PLAIN.frontend, id, session);
    await client.openSession(session, PLAIN);
    const solve = startSolve(control, id, session);
    expect((await collect(status)).length).toBeGreaterThan(10);
    expect([await solve.status, await frontend, await status.status]).toEqual([OK, OK, OK]);
  });
});

describe("a client that goes", () => {
  test("by Ctrl-C, as in the recording, hears what the daemon said of it", async () => {
    const theatre = await theatreOf("cancelled");
    const client = new BuildClient(theatre.daemon);
    const control = await client.connect();
    const [id, session] = [makeId(), makeId()];
    const solve = call(control, `${CONTROL}Solve`, { Ref: id, ...CANCELLED.solve, Session: session });
    const status = call(control, `${CONTROL}Status`, { Ref: id });
    await client.openSession(session, CANCELLED);
    await client.runFrontend(control, CANCELLED.frontend, id, session);
    await new Promise((resolve) => setTimeout(resolve, 100));
    solve.cancel();
    expect((await collect(status)).map(String).join()).toContain("context canceled");
    expect(await status.status).toEqual(OK);
    expect(theatre.report).toMatchObject({ missed: [], stalled: [], differing: [] });
  });

  test("by Ctrl-C, sooner than in the recording, hears no more steps", async () => {
    const theatre = await theatreOf("plain", { limits: { step: 1000 } });
    const client = new BuildClient(theatre.daemon);
    const control = await client.connect();
    const [id, session] = [makeId(), makeId()];
    const solve = startSolve(control, id, session);
    const status = call(control, `${CONTROL}Status`, { Ref: id });
    await new Promise((resolve) => setTimeout(resolve, 50));
    solve.cancel();
    expect((await collect(status)).length).toBeLessThan(10);
    expect(await status.status).toEqual(OK);
  });

  test("killed, leaves nothing that waits", async () => {
    const theatre = await theatreOf("plain");
    const client = new BuildClient(theatre.daemon);
    const control = await client.connect();
    const session = makeId();
    const solve = startSolve(control, makeId(), session);
    await client.openSession(session, PLAIN);
    await new Promise((resolve) => setTimeout(resolve, 30));
    for (const connection of client.connections) connection.reset();
    await solve.status;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(theatre.report).toMatchObject({ stalled: [], differing: [], problems: [] });
  });

  test("while files are sent, is noticed", async () => {
    const theatre = await theatreOf("plain");
    const client = new BuildClient(theatre.daemon);
    client.serve = async (made) => {
      made.sendHead();
      for (const connection of client.connections.slice(1)) connection.reset();
    };
    const { solve } = await client.build(await client.connect(), PLAIN);
    expect(solve).toMatchObject({ code: 9, message: expect.stringContaining("was not transferred") });
  });
});
