import type { Swap } from "../identity/plan-swap.ts";
import type { DeckRun } from "../run/deck-run.ts";
import type { ExchangeIndex } from "./exchange-index.ts";
import type { Progress } from "./progress.ts";
import type { PublishedPorts } from "./published-ports.ts";

export interface SwapTarget {
  readonly run: DeckRun;
  readonly progress: Progress;
  readonly index: ExchangeIndex;
  readonly ports: PublishedPorts;
}

/**
 * Two things change places: what was played for the one was played for the other, the words of today stand for the other
 * one's, and what is on its way to a client goes on as the other one's.
 */
export function applySwap({ counterparts, switches, words }: Swap, { run, progress, index, ports }: SwapTarget): void {
  const { bindings, cues, marks } = run;
  for (const swapped of words) bindings.swap(swapped.words, swapped.isClients);
  for (const { entry } of counterparts.keys()) if (entry.name !== undefined) cues.revoke(entry.name);
  progress.swap(counterparts);
  ports.renameContainers(
    new Map(
      [...counterparts].flatMap(([{ container }, other]) =>
        container === undefined || other.container === undefined ? [] : [[container, other.container]],
      ),
    ),
  );
  for (const placed of new Set([...counterparts].flat())) {
    index.recount(placed);
    if (placed.entry.name !== undefined && progress.played.has(placed)) cues.fire(placed.entry.name);
  }
  for (const [live, { placed, at }] of switches) {
    live.become(placed, at);
    const passed = (live.exchange.stream ?? []).slice(0, Math.max(at, 0));
    for (const event of passed) if (event.kind === "mark") marks.fire(event.name);
  }
  cues.wakeAll();
  marks.wakeAll();
}
