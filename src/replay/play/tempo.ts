import type { Clock } from "../../base/clock.ts";
import { UsageError } from "../../base/errors.ts";

/** The speed of recorded pauses: `scale` 0 is instant, 1 as recorded, 0.5 twice as fast. */
export interface Tempo {
  /** The factor of every wait. */
  readonly scale: number;
  /** No wait is longer, in milliseconds. */
  readonly maxWaitMs: number;
}

export const INSTANT: Tempo = { scale: 0, maxWaitMs: Number.POSITIVE_INFINITY };
/** A stream that the client ended keeps a little of its pace: what the client has read by then depends on it. */
const LEFT_STREAM: Tempo = { scale: 1, maxWaitMs: 200 };

/**
 * The tempo that `--tempo` names: `none` (or `instant`), `recorded`, or a speed like `2x`.
 * @param maxWaitMs no wait is longer, in ms
 * @throws UsageError `WHALESONG_BAD_TEMPO`
 * @example
 * await useCassette("hello.yaml", { tempo: parseTempo("2x", 1000) }, () => new Docker().listContainers());
 */
export function parseTempo(text: string, maxWaitMs: number = Number.POSITIVE_INFINITY, flag = "--tempo"): Tempo {
  if (text === "none" || text === "instant") return { scale: 0, maxWaitMs };
  if (text === "recorded") return { scale: 1, maxWaitMs };
  const speed = Number(/^(\d+(?:\.\d+)?)x$/.exec(text)?.[1]);
  if (speed > 0) return { scale: 1 / speed, maxWaitMs };
  throw new UsageError(
    "WHALESONG_BAD_TEMPO",
    `${flag} must be \`recorded\`, \`none\` or a speed like \`2x\`, got \`${text}\``,
  );
}

/** The tempo of a stream that the client ended, not the daemon. */
export function toLeftStreamTempo(tempo: Tempo): Tempo {
  return tempo.scale === 0 ? LEFT_STREAM : tempo;
}

/** Waits as long as the tempo says. Returns undefined where there is nothing to wait. */
export function pause(
  ms: number,
  { scale, maxWaitMs }: Tempo,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> | undefined {
  const waitMs = Math.min(ms * scale, maxWaitMs);
  return waitMs > 0 ? clock.sleep(waitMs, signal) : undefined;
}
