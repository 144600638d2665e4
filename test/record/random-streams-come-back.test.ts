import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeChunk } from "../../src/wire/http/body.ts";
import { encodeMessage } from "../../src/wire/streams/json-stream.ts";
import { encodeFrame } from "../../src/wire/streams/stdcopy.ts";
import { encodeChunkedAnswer, LAST_CHUNK, NO_CONTENT, request, UPGRADED, upgradeRequest } from "../playbook/http.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { createRecordedScene, createReplayedScene, type Scenario, type Talk } from "../playbook/scenario.ts";
import { countTries } from "../playbook/seed.ts";
import { Studio } from "../playbook/studio.ts";
import { Theatre } from "../playbook/theatre.ts";

const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((values) => Buffer.from(values));
const text = fc
  .string({ unit: fc.constantFrom("a", "ä", "\n", "\r", " ", "#", "{", "\x1b", "\t"), minLength: 1, maxLength: 20 })
  .map((value) => Buffer.from(value));
const payload = fc.oneof(bytes, text);
const frames = fc
  .array(
    fc.tuple(
      fc.constantFrom("stdout", "stderr", "stdin", "systemerr"),
      fc.oneof(payload, fc.constant(Buffer.alloc(0))),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) => Buffer.concat(list.map(([stream, data]) => encodeFrame(stream as "stdout", data))));
const json = fc.oneof(
  fc.json().map((value) => Buffer.from(value)),
  text,
);
const messages = fc
  .array(fc.tuple(fc.constantFrom("progress", "jsonl", "json-seq"), json), { minLength: 1, maxLength: 3 })
  .map((list) => Buffer.concat(list.map(([dialect, data]) => encodeMessage(dialect as "jsonl", data))));
const daemonBytes = fc.oneof(frames, messages, payload);

type Step =
  | { readonly kind: "daemon"; readonly data: Buffer }
  | { readonly kind: "client"; readonly data: Buffer }
  | { readonly kind: "passes"; readonly ms: number }
  | { readonly kind: "starts" };

const fromClient = payload.map((data): Step => ({ kind: "client", data }));
const passing = fc.oneof(fc.nat(30), fc.nat(2000)).map((ms): Step => ({ kind: "passes", ms }));
const starting = fc.constant<Step>({ kind: "starts" });

async function comesBack(scenario: Scenario): Promise<void> {
  const studio = new Studio();
  await scenario(createRecordedScene(studio));
  await studio.finish();
  expect(studio.warnings).toEqual([]);
  const theatre = new Theatre(studio.store.text, { sidecars: studio.store.sidecars });
  await scenario(createReplayedScene(theatre));
  await waitForQuiet();
  const { missed, stalled, differing, problems } = theatre.report;
  expect({ missed, stalled, differing, problems }, studio.store.text).toEqual({
    missed: [],
    stalled: [],
    differing: [],
    problems: [],
  });
}

/** Plays the steps; the daemon's bytes are wrapped as `wrap` says. */
async function play(
  steps: readonly Step[],
  stream: Talk,
  other: Talk,
  passes: (ms: number) => Promise<void>,
  wrap: (data: Buffer) => Buffer,
): Promise<void> {
  for (const step of steps) {
    if (step.kind === "daemon") await stream.answers(wrap(step.data));
    else if (step.kind === "client") await stream.asks(step.data);
    else if (step.kind === "passes") await passes(step.ms);
    else {
      await other.asks(request("POST /v1.41/containers/web/start"));
      await other.answers(NO_CONTENT);
    }
  }
}

/** A terminal's bytes: never such as could begin a frame. */
const raw = payload.filter((data) => (data[0] as number) > 3);

test.each([
  ["in frames", frames],
  ["raw", raw],
])("a hijack %s, in which anybody says anything, comes back byte for byte", async (_, daemonSays) => {
  const fromDaemon = daemonSays.map((data): Step => ({ kind: "daemon", data }));
  const steps = fc.array(fc.oneof(fromDaemon, fromDaemon, fromClient, passing, starting), { maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (list, endsFirst) => {
      await comesBack(async ({ talk, passes }) => {
        const [attach, other] = [await talk(), await talk()];
        await attach.asks(upgradeRequest("POST /v1.41/containers/web/attach?stream=1"));
        await attach.answers(UPGRADED);
        await play(list, attach, other, passes, (data) => data);
        if (endsFirst) await attach.clientEnds();
        await attach.daemonEnds();
      });
    }),
    { ...countTries(50), endOnFailure: true },
  );
});

test.each([
  ["logs", "GET /v1.41/containers/web/logs"],
  ["events", "GET /v1.41/events"],
  ["a body", "GET /v1.41/containers/web/top"],
])("%s in any chunks come back byte for byte", async (_, line) => {
  const cut = fc.tuple(daemonBytes, fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 3 }));
  const steps = fc.array(fc.oneof(cut, cut, passing), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      await comesBack(async ({ talk, passes }) => {
        const [stream, other] = [await talk(), await talk()];
        await stream.asks(request(line));
        await stream.answers(encodeChunkedAnswer("200 OK"));
        const isBody = line.endsWith("top");
        const apart: Step[] = [];
        for (const step of list) {
          if (!Array.isArray(step)) apart.push(...(isBody ? [] : [step as Step]));
          else apart.push(...chunksOf(step[0], step[1]).map((data): Step => ({ kind: "daemon", data })));
        }
        await play(isBody ? [] : apart, stream, other, passes, encodeChunk);
        const whole = isBody ? apart.map((step) => encodeChunk((step as { data: Buffer }).data)) : [];
        await stream.answers(Buffer.concat([...whole, Buffer.from(LAST_CHUNK)]));
      });
    }),
    { ...countTries(50), endOnFailure: true },
  );
});

/** The bytes cut at these distances, the rest in one piece. */
function chunksOf(data: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(data.subarray(at, at + size));
    at += size;
  }
  return [...pieces, data.subarray(at)].filter((piece) => piece.length > 0);
}
