/** What of a cassette no client requested. */
import type { PlacedExchange } from "../history/place-exchanges.ts";
import { isSignal } from "./change-queue.ts";
import type { ExchangeIndex } from "./exchange-index.ts";

/** Changes and streams that no client requested, and one read of each key that no client requested. */
export function listUnplayed(
  exchanges: readonly PlacedExchange[],
  index: ExchangeIndex,
  played: ReadonlySet<PlacedExchange>,
): readonly PlacedExchange[] {
  const isCounted = ({ role }: PlacedExchange): boolean => role === "change" || role === "long";
  const unread = [...index.entries]
    .filter(({ isRead }) => !isRead)
    .flatMap(({ reads }) => reads.exchanges.filter(({ role }) => role === "read").slice(0, 1));
  const unplayed = exchanges.filter(
    (placed) => isCounted(placed) && !played.has(placed) && !isSignalPlayed(placed, index, played),
  );
  return [...new Set([...unplayed, ...unread])].sort((a, b) => a.requestedAt - b.requestedAt);
}

/** A signal that was recorded more often than it was sent counts as played. */
function isSignalPlayed(placed: PlacedExchange, index: ExchangeIndex, played: ReadonlySet<PlacedExchange>): boolean {
  if (!isSignal(placed)) return false;
  const { key } = index.normalize(placed);
  return [...played].some((other) => isSignal(other) && index.normalize(other).key === key);
}
