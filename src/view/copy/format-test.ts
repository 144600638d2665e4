/** A test in JavaScript that plays one exchange of a cassette in its process, as the guide for Node shows it. */

import { escapeToLine, escapeUnprintable } from "../../base/printable.ts";
import type { PageDetail, PageRow } from "../page/page-record.ts";
import { toCurlRequest } from "./copied-request.ts";
import type { CurlRequest } from "./format-curl.ts";

export interface TestSource {
  /** The cassette, which stands beside the test. */
  readonly file: string;
  readonly rows: readonly PageRow[];
  readonly readDetail: (index: number) => PageDetail;
}

interface TestStep {
  readonly index: number;
  readonly row: PageRow;
  readonly detail: PageDetail;
  readonly request: CurlRequest;
}

/** Of a recording with more changes than that, a test makes those of the same container or thing. */
const MOST_CHANGES = 20;
/** A longer answer would hide the test. */
const LONGEST_ANSWER = 300;

/** Undefined for an exchange that leaves HTTP, or that has no answer. */
export function formatTest(source: TestSource, index: number): string | undefined {
  const chosen = toStep(source, index);
  if (chosen === undefined || chosen.detail.response === undefined) return undefined;
  const steps = [...listChanges(source, index), chosen, ...(isEndless(chosen) ? [] : listAwaited(source, chosen))];
  const lines = steps.flatMap((step) => formatStep(step, steps, step === chosen));
  const isHeld = isWaiting(chosen, steps);
  const checks = [...(isHeld ? ["const response = await waiting;"] : []), ...formatChecks(chosen)];
  return formatFile(source.file, chosen, [...lines, ...checks]);
}

function toStep({ rows, readDetail }: TestSource, index: number): TestStep | undefined {
  const row = rows[index];
  if (row === undefined) return undefined;
  const detail = readDetail(index);
  const request = toCurlRequest(row.method, detail);
  return request === undefined ? undefined : { index, row, detail, request };
}

/** A replay answers from the state that the changes before have made: the test makes them, too. */
function listChanges(source: TestSource, index: number): readonly TestStep[] {
  const { subject, container } = source.rows[index] as PageRow;
  const before = source.rows.slice(0, index).flatMap((row, at) => (row.role === "change" ? [{ row, at }] : []));
  const isAkin = (row: PageRow): boolean => row.subject === subject || row.container === container;
  const near = before.length <= MOST_CHANGES ? before : before.filter(({ row }) => isAkin(row)).slice(-MOST_CHANGES);
  return near.flatMap(({ at }) => toStep(source, at) ?? []);
}

/** The later changes that its answer waits for. */
function listAwaited(source: TestSource, { index, row }: TestStep): readonly TestStep[] {
  const names = new Set(row.track.filter((part) => typeof part === "string"));
  const later = source.rows.flatMap(({ name }, at) =>
    at > index && name !== undefined && names.has(name) ? [at] : [],
  );
  return later.flatMap((at) => toStep(source, at) ?? []);
}

function isWaiting({ index, row }: TestStep, steps: readonly TestStep[]): boolean {
  const later = steps.filter((step) => step.index > index).map((step) => step.row.name);
  return row.track.some((part) => typeof part === "string" && later.includes(part));
}

function formatStep(step: TestStep, steps: readonly TestStep[], isChosen: boolean): readonly string[] {
  const { number, verb, subject } = step.row;
  const call = `ask(${["socketPath", ...formatWords(step.request)].join(", ")})`;
  const comment = isChosen ? [] : [`// #${number} ${escapeToLine(`${verb} ${subject}`.trim())}`];
  if (isWaiting(step, steps)) return [...comment, isChosen ? `const waiting = ${call};` : `void ${call};`];
  return [...comment, isChosen ? `const response = await ${call};` : `await text(await ${call});`];
}

function formatWords({ method, target, headers, body }: CurlRequest): readonly string[] {
  const words = [spell(method), spell(target)];
  if (headers.length === 0 && body === undefined) return words;
  const fields = headers.map(([name, value]) => `${spell(name)}: ${spell(value)}`);
  return [...words, fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`, ...formatBody(body)];
}

function formatBody(body: CurlRequest["body"]): readonly string[] {
  if (body === undefined) return [];
  if ("text" in body) return [spell(body.text)];
  if ("base64" in body) return [`Buffer.from(${spell(body.base64)}, "base64")`];
  return [`await readFile(new URL(${spell(toUrlPath(body.file))}, import.meta.url))`];
}

function formatChecks(step: TestStep): readonly string[] {
  const { row, detail, request } = step;
  const status = [`assert.equal(response.statusCode, ${Number.parseInt(row.status, 10)});`];
  if (isEndless(step)) return [...status, "response.destroy();"];
  const body = detail.response?.body;
  const json = body !== undefined && "json" in body ? spell(body.json) : "";
  if (json === "" || json.length > LONGEST_ANSWER || request.method === "HEAD")
    return [...status, "await text(response);"];
  return [...status, `assert.deepEqual(JSON.parse(await text(response)), ${json});`];
}

/**
 * Whether the rest of the answer may never come, so that only its head is looked at: it ended when the client left, or it
 * waits for a mark of a stream that the test does not ask for.
 */
function isEndless({ row: { kinds, role, track } }: TestStep): boolean {
  const waitsForMark = role !== "change" && track.some((part) => typeof part === "string" && part.startsWith("@"));
  return waitsForMark || kinds.some((kind) => ENDLESS.has(kind));
}

const ENDLESS: ReadonlySet<string> = new Set(["cut", "hold", "reset", "eof"]);

function formatFile(file: string, { row }: TestStep, lines: readonly string[]): string {
  const title = `${row.method} ${row.verb} ${row.subject}`.trim();
  const readsFiles = lines.some((line) => line.includes("await readFile("));
  return `${readsFiles ? 'import { readFile } from "node:fs/promises";\n' : ""}${IMPORTS}
// Beside ${escapeToLine(file)}: node --test FILE
test(${spell(title)}, () =>
  useCassette(
    new URL(${spell(toUrlPath(file))}, import.meta.url),
    { mode: "replay", allowsUnplayed: true },
    async ({ socketPath }) => {
${lines.map((line) => `      ${line}\n`).join("")}    },
  ));

${ASK}`;
}

/** A value as JavaScript has it, with what would show another text than there is spelled out. */
function spell(value: unknown): string {
  return escapeUnprintable(JSON.stringify(value));
}

/** A URL relative to the test: `#` and `?` would end its path, and `C:` would be its scheme. */
function toUrlPath(path: string): string {
  return `./${path.split("/").map(encodeURIComponent).join("/")}`;
}

const IMPORTS = `import assert from "node:assert/strict";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { useCassette } from "whalesong";
`;

const ASK = `/** Your own client goes here: new Docker({ socketPath }), or what calls it. */
function ask(socketPath, method, path, headers = {}, body = "") {
  return new Promise((resolve, reject) => {
    request({ socketPath, method, path, headers }, resolve).on("error", reject).end(body);
  });
}
`;
