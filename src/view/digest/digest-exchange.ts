/** An exchange as people tell it: what was done to what, how it ended, and the lines of its stream. */
import type { BuildEvent } from "../../cassette/build-model.ts";
import type { Exchange, RecordedBody } from "../../cassette/model.ts";
import { type ExchangeRole, toRole } from "../../match/resources.ts";
import { formatTarListing, isTarStart, type TarEntry } from "../../wire/archive/tar.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import { formatBuildLines, formatCallAnswer } from "../build-lines.ts";
import { describeRequest } from "./describe-request.ts";
import { describeResponse } from "./describe-response.ts";
import { describeFile, digestStream } from "./digest-stream.ts";
import { getEntries, getList, getMember, getText } from "./json-value.ts";
import { type NameBook, shortenIds } from "./name-book.ts";
import { nameOperation } from "./name-operation.ts";
import type { ParsedExchange } from "./parsed-exchange.ts";
import { formatByteSize } from "./shorten-text.ts";
import { SegmentBuilder, type StreamLine, type StreamSegment } from "./stream-line.ts";
import type { TarLister } from "./tar-lister.ts";
import type { ScreenSize } from "./tty-screen.ts";

/** What one line says of an exchange. */
export interface ExchangeDigest {
  /** Counted from 1. */
  readonly number: number;
  readonly name: string | undefined;
  readonly method: string;
  readonly verb: string;
  readonly subject: string;
  readonly detail: string;
  /** `201`, or `never answered`. */
  readonly status: string;
  readonly outcome: string;
  readonly hasFailed: boolean;
  readonly role: ExchangeRole;
  /** How long the daemon took for the head, in ms. */
  readonly waitMs: number;
  /** The container that it is about, by name or 12 digits. */
  readonly container: string | undefined;
  readonly segments: readonly StreamSegment[];
}

export interface DigestOptions {
  readonly tars: TarLister;
  /** Whether every event is a line, and tars are listed whole. @default false */
  readonly isComplete?: boolean;
}

/** Remembers the names that an exchange shows, where nothing else of it is told. */
export function learnNames({ operation, values }: ParsedExchange, names: NameBook): void {
  names.learn(operation, values.request?.value, values.response?.value);
}

/**
 * Digests exchanges in the order of the cassette: names that one shows stand for ids in those behind it. Only for lines
 * of files, builds and streams has it to wait.
 */
export function digestExchange(
  parsed: ParsedExchange,
  names: NameBook,
  options: DigestOptions,
): ExchangeDigest | Promise<ExchangeDigest> {
  learnNames(parsed, names);
  const { exchange } = parsed;
  const digest = digestHead(parsed, names);
  if (exchange.stream === undefined && !hasFiles(exchange)) return digest;
  return digestLines(parsed, names, options).then((segments) => ({ ...digest, segments }));
}

/** The digest without lines. */
function digestHead({ entry, exchange, operation, values }: ParsedExchange, names: NameBook): ExchangeDigest {
  const { request, response } = exchange;
  const title = nameOperation(request.method, operation, names);
  return {
    number: entry.index + 1,
    name: exchange.name,
    method: request.method,
    ...title,
    container: title.container,
    detail:
      exchange.build === undefined
        ? describeRequest(operation, values.request?.value, names)
        : describeBuilds(exchange.build),
    ...describeEnd(exchange, operation, values.response?.value, names),
    role: toRole(request.method, operation),
    waitMs: response?.waitMs ?? 0,
    segments: [],
  };
}

/** What `docker build` was called with, from the options of each Solve. */
function describeBuilds(events: readonly BuildEvent[]): string {
  const texts = events.flatMap((event) => {
    const isBuild = event.kind === "call" && event.method === "Control/Solve" && event.message !== undefined;
    return isBuild && event.message !== undefined && "json" in event.message ? [describeBuild(event.message.json)] : [];
  });
  return [...new Set(texts)].join(" and ");
}

function describeBuild(solve: unknown): string {
  const attributes = getEntries(solve, "FrontendAttrs").map(([key, value]) => [key, String(value)] as const);
  const tags = getList(solve, "Exporters").map((exporter) => getText(exporter, "Attrs", "name"));
  const tag = tags[0] ?? getText(solve, "ExporterAttrsDeprecated", "name");
  return [tag === "" ? "" : `-t ${tag}`, ...attributes.map(([key, value]) => describeAttribute(key, value))]
    .filter((word) => word !== "")
    .join(" ");
}

function describeAttribute(key: string, value: string): string {
  if (key === "filename") return value === "Dockerfile" ? "" : `-f ${value}`;
  if (key === "target") return `--target ${value}`;
  return key.startsWith("build-arg:") ? `--build-arg ${key.slice("build-arg:".length)}=${value}` : "";
}

type ExchangeEnd = Pick<ExchangeDigest, "status" | "outcome" | "hasFailed">;

function describeEnd(
  { request, response, call, build }: Exchange,
  operation: Operation,
  answer: unknown,
  names: NameBook,
): ExchangeEnd {
  if (call !== undefined) return { status: formatCallAnswer(call), outcome: "", hasFailed: call.status.code !== 0 };
  if (request.method === "GRPC") return describeBuildEnd(build ?? []);
  if (response === undefined) return { status: "never answered", outcome: "", hasFailed: false };
  const outcome = describeResponse(operation, response, answer, names);
  return { status: `${response.status}`, outcome, hasFailed: response.status >= 400 };
}

function describeBuildEnd(events: readonly BuildEvent[]): ExchangeEnd {
  const failed = events.find((event) => event.kind === "end" && event.status.code !== 0);
  if (failed?.kind !== "end") return { status: "OK", outcome: "", hasFailed: false };
  return { status: "failed", outcome: failed.status.message, hasFailed: true };
}

async function digestLines(
  { exchange, operation, values }: ParsedExchange,
  names: NameBook,
  options: DigestOptions,
): Promise<readonly StreamSegment[]> {
  const { isComplete = false } = options;
  const segments = hasFiles(exchange) ? await digestFiles(exchange, options) : [];
  if (exchange.stream === undefined) return segments;
  const context = { operation: operation.name, names, size: findScreenSize(values.request?.value), isComplete };
  const streamed = await digestStream(exchange.stream, context);
  return segments.length === 0 ? streamed : [...segments, ...streamed];
}

/** Most exchanges have neither files nor a build, and each wait takes a turn. */
function hasFiles({ request, response, build }: Exchange): boolean {
  return build !== undefined || isFile(request.body) || isFile(response?.body);
}

async function digestFiles(exchange: Exchange, options: DigestOptions): Promise<readonly StreamSegment[]> {
  const builder = new SegmentBuilder();
  for (const line of await listBodies(exchange, options)) builder.addLine(line.lane, line.text);
  for (const line of await listBuildLines(exchange.build ?? [], options)) builder.addLine(line.lane, line.text);
  return builder.build();
}

/** The size of the terminal, where the request of an exec says it. */
function findScreenSize(json: unknown): Partial<ScreenSize> {
  const [rows, columns] = getList(getMember(json, "ConsoleSize"));
  const isSize = typeof rows === "number" && typeof columns === "number" && rows > 0 && columns > 0;
  return isSize ? { rows: Math.min(rows, 500), columns: Math.min(columns, 500) } : {};
}

async function listBodies({ request, response }: Exchange, options: DigestOptions): Promise<StreamLine[]> {
  const files = [request.body, response?.body].filter(isFile);
  const lists = await Promise.all(files.map((file) => listTar(file, options)));
  return lists.flat();
}

/** Beside the cassette, or a tar within it (`edit embed`). */
function isFile(body: RecordedBody | undefined): body is RecordedBody {
  return body !== undefined && (!Buffer.isBuffer(body) || isTarStart(body));
}

async function listTar(file: RecordedBody, options: DigestOptions): Promise<StreamLine[]> {
  const isEmbedded = Buffer.isBuffer(file);
  const entries = await (isEmbedded ? options.tars.listBytes(file) : options.tars.list(file));
  if (entries === undefined) return isEmbedded ? [] : [{ lane: "tar", text: describeFile(file) }];
  const isComplete = options.isComplete === true;
  const listing = formatTarListing(entries, isComplete ? entries.length : undefined);
  return listing.map((text) => ({ lane: "tar", text: isComplete ? text : shortenIds(text) }));
}

/** A build as docker's plain progress has it, and the files that were sent for it. */
async function listBuildLines(events: readonly BuildEvent[], options: DigestOptions): Promise<StreamLine[]> {
  const lines: StreamLine[] = [];
  for (const { text, kind, tar } of formatBuildLines(events)) {
    if (kind !== undefined && options.isComplete !== true) continue;
    const entries = tar === undefined ? undefined : await options.tars.list(tar);
    lines.push({ lane: "build", text: entries === undefined ? text : `${text.split(":")[0]}: ${listFiles(entries)}` });
  }
  return lines;
}

function listFiles(entries: readonly TarEntry[]): string {
  const files = entries.filter(({ type }) => type === "file");
  return files.map(({ name, size }) => `${name} (${formatByteSize(size)})`).join(", ") || "no files";
}
