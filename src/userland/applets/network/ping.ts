/** `ping`: whether anybody has an address. The way there and back takes as long as within one machine. */
import type { Process, Program } from "../../process/process.ts";
import { readOptions } from "../read-options.ts";
import { resolveAddress } from "./connect-to.ts";

const BYTES = 56;
const TAKES_MS = "0.071";
const BETWEEN_MS = 1000;
const PATIENCE_S = 10;

export const ping: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "46c:w:W:s:I:t:i:Aqp:");
  const [name = ""] = words;
  const address = await resolveAddress(self, name);
  const count = flags.has("c") ? Number(flags.get("c")) : Number.POSITIVE_INFINITY;
  await self.writeStdout(`PING ${name} (${address}): ${BYTES} data bytes\n`);
  const tally: Tally = { sent: 0, received: 0 };
  while (tally.sent < count) await pingOnce(self, address, tally, count, flags);
  await self.writeStdout(formatSummary(name, tally));
  return tally.received > 0 ? 0 : 1;
};

interface Tally {
  sent: number;
  received: number;
}

async function pingOnce(
  self: Process,
  address: string,
  tally: Tally,
  count: number,
  flags: ReadonlyMap<string, string>,
): Promise<void> {
  const isReachable = self.table.host.hasAddress(address);
  const sequence = tally.sent++;
  if (isReachable) tally.received += 1;
  if (isReachable && !flags.has("q")) {
    await self.writeStdout(`${BYTES + 8} bytes from ${address}: seq=${sequence} ttl=64 time=${TAKES_MS} ms\n`);
  }
  if (tally.sent < count) await self.sleep(BETWEEN_MS);
  else if (!isReachable) await self.sleep(Number(flags.get("W") ?? PATIENCE_S) * 1000);
}

function formatSummary(name: string, { sent, received }: Tally): string {
  const loss = Math.round(((sent - received) * 100) / sent);
  const counts = `${sent} packets transmitted, ${received} packets received, ${loss}% packet loss`;
  const times = received > 0 ? `round-trip min/avg/max = ${TAKES_MS}/${TAKES_MS}/${TAKES_MS} ms\n` : "";
  return `\n--- ${name} ping statistics ---\n${counts}\n${times}`;
}
