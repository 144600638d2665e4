/** A client generates tags, labels and arguments for each run: the recorded build answers under today's. */
import { describe, expect, test } from "vitest";
import { Bindings } from "../../../src/match/bindings.ts";
import { resolveRules } from "../../../src/match/rules/resolve-rules.ts";
import { compareMessages } from "../../../src/replay/build/compare-messages.ts";
import { BUILDKIT_SCHEMA } from "../../../src/wire/buildkit/buildkit-schema.ts";
import { decodeMessage } from "../../../src/wire/protobuf/decode-message.ts";
import type { JsonMessageValue } from "../../../src/wire/protobuf/json-message.ts";
import type { ProtobufMessage } from "../../../src/wire/protobuf/protobuf-value.ts";
import { BuildClient, type BuildRequest, type BuiltResult } from "./build-client.ts";
import { type BuildTheatre, theatreOf } from "./build-theatre.ts";
import { frontendOf, PLAIN, solveOf } from "./recorded-builds.ts";

const RECORDED = { tag: "demo:3f1c0a9be2d4", run: "0f8fad5b-d9cb-469f-a165-70867728950e" };
const TODAY = { tag: "demo:77b0c5d2e91a", run: "7c9e6679-7425-40de-944b-e07fc1f90ae7" };

type RunValues = Readonly<Record<"tag" | "run", string>>;

/** `docker build -t <tag> --label run=<run> --build-arg RUN=<run> plain` */
function buildOf({ tag, run }: RunValues): BuildRequest {
  const options = { "label:run": run, "build-arg:RUN": run };
  return { ...PLAIN, solve: solveOf({ name: tag }, options), frontend: frontendOf(options) };
}

/** The recording of the plain build, as if it had been made under these values. */
function recordingOf({ tag, run }: RunValues): (text: string) => string {
  const options = `filename: Dockerfile, "label:run": ${run}, "build-arg:RUN": ${run},`;
  return (text) => text.replaceAll("demo:1", tag).replaceAll("{filename: Dockerfile,", `{${options}`);
}

async function play(request: BuildRequest): Promise<{ readonly theatre: BuildTheatre; readonly built: BuiltResult }> {
  const theatre = await theatreOf("plain", { edit: recordingOf(RECORDED) });
  const client = new BuildClient(theatre.daemon);
  return { theatre, built: await client.build(await client.connect(), request) };
}

function readAnswer({ answer = Buffer.alloc(0) }: BuiltResult): ProtobufMessage {
  return decodeMessage(BUILDKIT_SCHEMA, "moby.buildkit.v1.SolveResponse", answer);
}

describe("a build with generated values", () => {
  test.each([
    ["of the recording", RECORDED],
    ["of today", TODAY],
  ])("%s is answered under them", async (_, values) => {
    const { theatre, built } = await play(buildOf(values));
    expect(built).toMatchObject({ solve: { code: 0 }, frontend: { code: 0 } });
    expect(theatre.report).toMatchObject({ missed: [], stalled: [], differing: [], problems: [] });
    expect(readAnswer(built).ExporterResponse).toMatchObject({ "image.name": `docker.io/library/${values.tag}` });
    const messages = built.progress.map((bytes) =>
      decodeMessage(BUILDKIT_SCHEMA, "moby.buildkit.v1.StatusResponse", bytes),
    );
    const tasks = messages.flatMap(({ statuses = [] }) => (statuses as readonly ProtobufMessage[]).map(({ ID }) => ID));
    expect(tasks).toContain(`naming to docker.io/library/${values.tag}`);
  });

  test.each<[string, Partial<RunValues>]>([
    ["a tag", { tag: "demo:v2" }],
    ["a label", { run: "none" }],
  ])("is a miss where %s is another one, and not generated anew", async (_, values) => {
    const { theatre, built } = await play(buildOf({ ...TODAY, ...values }));
    expect(built.solve).toMatchObject({ code: 9, message: expect.stringContaining("no recorded build answers") });
    expect(theatre.report.missed).toHaveLength(1);
  });

  test("takes any tag where a rule binds it", async () => {
    const edit = (text: string): string => text.replace(/^recorded:/m, "bind: {tag: build.name}\nrecorded:");
    const client = new BuildClient((await theatreOf("plain", { edit })).daemon);
    const built = await client.build(await client.connect(), { ...PLAIN, solve: solveOf({ name: "other:v2" }) });
    expect(built.solve).toMatchObject({ code: 0 });
    expect(readAnswer(built).ExporterResponse).toMatchObject({ "image.name": "docker.io/library/other:v2" });
  });

  test("binds its values for the requests behind it", async () => {
    const { theatre } = await play(buildOf(TODAY));
    expect(theatre.deck.run.bindings.toRecorded(`run ${TODAY.tag}`)).toBe(`run ${RECORDED.tag}`);
  });
});

const PLAIN_RULES = { rules: resolveRules([]), bindings: new Bindings() };

describe("what a target of a bake takes from another one", () => {
  const inputOf = (step: string, rest: string): JsonMessageValue => ({
    FrontendInputs: {
      "0-one": { def: { 0: { base64: step } }, metadata: { "sha256:1": { base64: rest } }, Source: { base64: rest } },
    },
  });

  test("is equal whatever the order of what is about its steps", () => {
    expect(compareMessages(inputOf("c3RlcA==", "YQ=="), inputOf("c3RlcA==", "Yg=="), PLAIN_RULES)).toEqual([]);
  });

  test("differs in its steps", () => {
    const differences = compareMessages(inputOf("c3RlcA==", "YQ=="), inputOf("b3RoZXI=", "YQ=="), PLAIN_RULES);
    expect(differences.map(({ field }) => field)).toEqual(["FrontendInputs.0-one.def.0.base64"]);
  });
});
