/** One request over a connection in memory, answered by a function of the test. */
import type { Call } from "../../src/session/call.ts";
import { createDaemon } from "../../src/session/daemon.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { Peer } from "./peer.ts";

/** Sends the bytes, lets `respond` answer the call, and returns everything that the client receives, as latin1. */
export async function answerCall(bytes: Buffer, respond: (call: Call) => Promise<void>): Promise<string> {
  const [near, far] = connectionPair();
  const failures: unknown[] = [];
  const serve = createDaemon(async (call) => {
    await respond(call);
    return true;
  });
  serve(far).catch((error: unknown) => failures.push(error));
  const client = new Peer(near);
  await client.sends(bytes);
  await client.closesItsHalf();
  const received = await client.hearsAll();
  if (failures.length > 0) throw failures[0];
  return received;
}
