/** Reports the exchanges of a cassette that a mocking library does not support, before they are requested. */
import { UsageError } from "../base/errors.ts";
import type { Cassette, CassetteEntry } from "../cassette/read.ts";
import { findHijacks } from "../replay/misses/refuse-hijacks.ts";
import { parseOperation } from "../wire/operations/operation.ts";

/** A mocking library, and its limits. */
export interface MockLibrary {
  readonly name: string;
  /** The function of ours that gives it a cassette. */
  readonly owner: string;
  /** The library passes the head of a response on only together with the first bytes of its body. */
  readonly buffersHeads: boolean;
}

/** For these streams clients continue after the head; for all others they read the body. */
const OPENED_FIRST: ReadonlySet<string> = new Set(["SystemEvents", "ContainerLogs", "ServiceLogs", "TaskLogs"]);

/** @throws UsageError `WHALESONG_NOT_CARRIED`, if `how` is `throw` */
export function reportUnsupported(carrier: MockLibrary, cassettes: readonly Cassette[], how: "warn" | "throw"): void {
  const { name, buffersHeads: holdsHeadsBack } = carrier;
  const lines = [
    ...listAffected(`${name} does not support exchanges that leave HTTP; these are refused:`, cassettes, findHijacks),
    ...(holdsHeadsBack ? listAffected(describeBufferedHeads(name), cassettes, findLateStreams) : []),
  ];
  if (lines.length === 0) return;
  const message = [...lines, "whalesong/intercept supports all exchanges, in the same process."].join("\n");
  if (how === "throw") throw new UsageError("WHALESONG_NOT_CARRIED", message);
  process.emitWarning(message, { code: "WHALESONG_NOT_CARRIED", type: "WhalesongWarning" });
}

function describeBufferedHeads(name: string): string {
  return `${name} delays a head until bytes follow it; clients that await these heads before they go on wait forever:`;
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

/** Streams whose first bytes wait for another request. */
function findLateStreams({ entries }: Cassette): readonly CassetteEntry[] {
  return entries.filter((entry) => {
    if (!OPENED_FIRST.has(parseOperation(entry.method, entry.target).name)) return false;
    const first = (entry.readExchange().stream ?? []).find(({ kind }) => kind !== "wait" && kind !== "mark");
    return first?.kind === "cue" || first?.kind === "until";
  });
}
