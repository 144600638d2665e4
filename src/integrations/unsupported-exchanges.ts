/** What is said beforehand of exchanges that a mocking library cannot carry, or not to every client. */
import { UsageError } from "../base/errors.ts";
import type { Cassette, CassetteEntry } from "../cassette/read.ts";
import { findHijacks } from "../replay/misses/refuse-hijacks.ts";
import { parseOperation } from "../wire/operation.ts";

/** A mocking library, as far as it matters what it cannot do. */
export interface MockLibrary {
  readonly name: string;
  /** A response's head reaches the client only together with the first bytes behind it. */
  readonly buffersHeads: boolean;
}

/** Clients go on when they have the head of one of these; of any other stream they want the body. */
const OPENED_FIRST: ReadonlySet<string> = new Set(["SystemEvents", "ContainerLogs", "ServiceLogs", "TaskLogs"]);

/** @throws UsageError `WHALESONG_NOT_CARRIED`, if it is to be thrown */
export function reportUnsupported(carrier: MockLibrary, cassettes: readonly Cassette[], how: "warn" | "throw"): void {
  const { name, buffersHeads: holdsHeadsBack } = carrier;
  const lines = [
    ...listAffected(`${name} cannot carry what leaves HTTP; these will be refused:`, cassettes, findHijacks),
    ...(holdsHeadsBack ? listAffected(describeBufferedHeads(name), cassettes, findLateStreams) : []),
  ];
  if (lines.length === 0) return;
  const message = [...lines, "whalesong/intercept carries everything, in the same process."].join("\n");
  if (how === "throw") throw new UsageError("WHALESONG_NOT_CARRIED", message);
  process.emitWarning(message, { code: "WHALESONG_NOT_CARRIED", type: "WhalesongWarning" });
}

function describeBufferedHeads(name: string): string {
  return `${name} holds a head back until something follows it; who awaits these before going on will wait in vain:`;
}

function listAffected(
  what: string,
  cassettes: readonly Cassette[],
  on: (cassette: Cassette) => readonly CassetteEntry[],
): string[] {
  const places = cassettes.flatMap((cassette) =>
    on(cassette).map(({ line, method, target }) => `    ${cassette.file}:${line}  ${method} ${target}`),
  );
  return places.length === 0 ? [] : [what, ...places];
}

/** Streams in which nothing is said before another exchange was asked for. */
function findLateStreams({ entries }: Cassette): readonly CassetteEntry[] {
  return entries.filter((entry) => {
    if (!OPENED_FIRST.has(parseOperation(entry.method, entry.target).name)) return false;
    const first = (entry.readExchange().stream ?? []).find(({ kind }) => kind !== "wait" && kind !== "mark");
    return first?.kind === "cue" || first?.kind === "until";
  });
}
