import { describe, expect, test } from "vitest";
import { BUILDKIT_SCHEMA } from "../../../src/wire/buildkit/buildkit-schema.ts";
import type { GrpcStatus } from "../../../src/wire/grpc/status.ts";
import { decodeMessage } from "../../../src/wire/protobuf/decode-message.ts";
import { encodeMessage } from "../../../src/wire/protobuf/encode-message.ts";
import type { ProtobufMessage } from "../../../src/wire/protobuf/protobuf-value.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";
import { BuildClient } from "./build-client.ts";
import { ClientSession } from "./client-session.ts";

const CONTROL = "/moby.buildkit.v1.Control/";
const GOOD = "FROM busybox\nRUN echo hi\n";
const BAD = "FROM busybox\nRUN exit 7\n";

async function build(docker: MockedDaemon, dockerfile: string, name: string): Promise<void> {
  const client = await BuildClient.open(docker);
  await client.build(new ClientSession({ Dockerfile: dockerfile }), { exporter: { Type: "moby", Attrs: { name } } });
  client.grpc.destroy();
}

/** All messages of a call that has many. */
async function stream(
  client: BuildClient,
  method: string,
  type: readonly [request: string, response: string],
  request: ProtobufMessage,
): Promise<{ readonly messages: readonly ProtobufMessage[]; readonly status: GrpcStatus }> {
  const call = client.grpc.call(`${CONTROL}${method}`);
  await call.send(encodeMessage(BUILDKIT_SCHEMA, `moby.buildkit.v1.${type[0]}`, request));
  call.halfClose();
  const messages: ProtobufMessage[] = [];
  for await (const bytes of call.messages)
    messages.push(decodeMessage(BUILDKIT_SCHEMA, `moby.buildkit.v1.${type[1]}`, bytes));
  return { messages, status: await call.status };
}

async function listHistory(client: BuildClient, request: ProtobufMessage = {}): Promise<readonly ProtobufMessage[]> {
  const types = ["BuildHistoryRequest", "BuildHistoryEvent"] as const;
  return (await stream(client, "ListenBuildHistory", types, { EarlyExit: true, ...request })).messages;
}

function toRecord({ record }: ProtobufMessage = {}): ProtobufMessage {
  return record as ProtobufMessage;
}

function toNames(events: readonly ProtobufMessage[]): readonly unknown[] {
  return events.map((event) => {
    const [{ Attrs = {} } = {}] = toRecord(event).Exporters as readonly ProtobufMessage[];
    return (Attrs as ProtobufMessage).name;
  });
}

describe("the history of builds", () => {
  test("has each build with its steps and its image, the newest first", async () => {
    const docker = new MockedDaemon({ engine: "28" });
    await build(docker, GOOD, "good");
    await build(docker, GOOD, "again");
    const events = await listHistory(await BuildClient.open(docker));
    expect(toNames(events)).toEqual(["again", "good"]);
    const digest = docker.engine.images.find("again").id;
    expect(events.map(toRecord)).toMatchObject([
      { numTotalSteps: 6, numCompletedSteps: 6, numCachedSteps: 1, CompletedAt: expect.stringContaining("T") },
      { numTotalSteps: 6, numCachedSteps: 0, Result: { ResultDeprecated: { digest } } },
    ]);
    expect(events[0]).toMatchObject({ type: "COMPLETE", record: { Exporters: [{ Type: "image" }] } });
  });

  test("tells why a build has failed", async () => {
    const docker = new MockedDaemon({ engine: "28" });
    await build(docker, BAD, "bad");
    const [event] = await listHistory(await BuildClient.open(docker));
    const message = 'process "/bin/sh -c exit 7" did not complete successfully: exit code: 7';
    expect(toRecord(event)).toMatchObject({ error: { code: 2, message } });
  });

  test("gives the log of a build that is over to another client", async () => {
    const docker = new MockedDaemon({ engine: "28" });
    await build(docker, GOOD, "good");
    const client = await BuildClient.open(docker);
    const [event] = await listHistory(client);
    const types = ["StatusRequest", "StatusResponse"] as const;
    const { messages, status } = await stream(client, "Status", types, { Ref: toRecord(event).Ref as string });
    expect(status).toEqual({ code: 0, message: "" });
    expect(messages.flatMap(({ logs = [] }) => logs)).toMatchObject([{ msg: Buffer.from("hi\n") }]);
  });

  test("is selected by build, by number, and by what still runs", async () => {
    const docker = new MockedDaemon({ engine: "28" });
    for (const name of ["one", "two", "three"]) await build(docker, GOOD, name);
    const client = await BuildClient.open(docker);
    const all = await listHistory(client);
    expect(toNames(await listHistory(client, { Limit: 2 }))).toEqual(["three", "two"]);
    expect(toNames(await listHistory(client, { Ref: toRecord(all[2]).Ref as string }))).toEqual(["one"]);
    expect(await listHistory(client, { ActiveOnly: true })).toEqual([]);
    const types = ["BuildHistoryRequest", "BuildHistoryEvent"] as const;
    const filtered = await stream(client, "ListenBuildHistory", types, { EarlyExit: true, Filter: ["status==error"] });
    expect(filtered.status).toMatchObject({ code: 12, message: expect.stringContaining("--filter") });
  });

  test("loses what is removed, and keeps fifty builds", async () => {
    const docker = new MockedDaemon({ engine: "28" });
    for (let number = 1; number <= 53; number += 1) await build(docker, "FROM busybox\n", `n${number}`);
    const client = await BuildClient.open(docker);
    const kept = await listHistory(client);
    expect(kept.length).toBe(50);
    expect(toNames(kept).at(-1)).toBe("n4");
    const removed = await client.call(`${CONTROL}UpdateBuildHistory`, {
      Ref: toRecord(kept[0]).Ref as string,
      Delete: true,
    });
    expect(removed.status.code).toBe(0);
    expect(toNames(await listHistory(client))[0]).toBe("n52");
  });

  test("leaves out what buildx only asks to find out what the daemon can do", async () => {
    const client = await BuildClient.open(new MockedDaemon({ engine: "28" }));
    const solved = client.call(`${CONTROL}Solve`, { Ref: "probe", Session: "none", Internal: true });
    await client.call("/moby.buildkit.v1.frontend.LLBBridge/Return", { result: {} }, [
      ["buildkit-controlapi-buildid", "probe"],
    ]);
    await solved;
    expect(await listHistory(client)).toEqual([]);
  });

  test("is followed by a client that stays", async () => {
    const docker = new MockedDaemon({ engine: "28" });
    const client = await BuildClient.open(docker);
    const call = client.grpc.call(`${CONTROL}ListenBuildHistory`);
    await call.send(encodeMessage(BUILDKIT_SCHEMA, "moby.buildkit.v1.BuildHistoryRequest", {}));
    call.halfClose();
    const types: unknown[] = [];
    const reading = (async () => {
      for await (const bytes of call.messages) {
        types.push(decodeMessage(BUILDKIT_SCHEMA, "moby.buildkit.v1.BuildHistoryEvent", bytes).type);
        if (types.length === 2) call.cancel();
      }
    })().catch(() => undefined);
    await build(docker, GOOD, "good");
    await reading;
    expect(types).toEqual(["STARTED", "COMPLETE"]);
  });
});

test("a build that its client leaves is one that was cancelled", async () => {
  const docker = new MockedDaemon({ engine: "28" });
  const leaving = await BuildClient.open(docker);
  void leaving.call(`${CONTROL}Solve`, { Ref: "left", Session: "none" }).catch(() => undefined);
  const client = await BuildClient.open(docker);
  await expect.poll(() => listHistory(client, { ActiveOnly: true })).toMatchObject([{ type: "STARTED" }]);
  leaving.grpc.destroy();
  await expect
    .poll(async () => (await listHistory(client)).map(toRecord))
    .toMatchObject([{ Ref: "left", error: { code: 1, message: "context canceled" } }]);
});
