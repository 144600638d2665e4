/** Fetches Engine 28 once, before all files: two of them at once would both unpack it into the same folder. */
import { ENGINE_28 } from "./engines.ts";

export default function fetchEngine(): void {
  if ("missingBecause" in ENGINE_28) console.warn("the tests of Engine 28 are skipped");
}
