/** `ping`: whether anybody has an address. The way there and back takes as long as within one machine. */
import type { Process, Program } from "../../process/process.ts";
import { optionsOf } from "../options.ts";
import { addressOf } from "./talk.ts";

const BYTES = 56;
const TAKES_MS = "0.071";
const BETWEEN_MS = 1000;
const PATIENCE_S = 10;

export const ping: Program = async (self) => {
  const { given, words } = optionsOf(self.argv, "cwWsIti");
  const [name = ""] = words;
  const address = await addressOf(self, name);
  const count = given.has("c") ? Number(given.get("c")) : Number.POSITIVE_INFINITY;
  await self.print(`PING ${name} (${address}): ${BYTES} data bytes\n`);
  const tally: Tally = { sent: 0, received: 0 };
  while (tally.sent < count) await once(self, address, tally, count, given);
  await self.print(summary(name, tally));
  return tally.received > 0 ? 0 : 1;
};

interface Tally {
  sent: number;
  received: number;
}

async function once(
  self: Process,
  address: string,
  tally: Tally,
  count: number,
  given: ReadonlyMap<string, string>,
): Promise<void> {
  const isHeard = self.table.host.isThere(address);
  const sequence = tally.sent++;
  if (isHeard) tally.received += 1;
  if (isHeard && !given.has("q")) {
    await self.print(`${BYTES + 8} bytes from ${address}: seq=${sequence} ttl=64 time=${TAKES_MS} ms\n`);
  }
  if (tally.sent < count) await self.sleep(BETWEEN_MS);
  else if (!isHeard) await self.sleep(Number(given.get("W") ?? PATIENCE_S) * 1000);
}

function summary(name: string, { sent, received }: Tally): string {
  const loss = Math.round(((sent - received) * 100) / sent);
  const counts = `${sent} packets transmitted, ${received} packets received, ${loss}% packet loss`;
  const times = received > 0 ? `round-trip min/avg/max = ${TAKES_MS}/${TAKES_MS}/${TAKES_MS} ms\n` : "";
  return `\n--- ${name} ping statistics ---\n${counts}\n${times}`;
}
