/** One input at a socket, as a client that may be out of its mind sends it. */
import { connect } from "node:net";
import { cutByChance } from "./mutate.js";

/** A stream (events, logs) may wait for as long as its client stays: so long it stays when it has read something. */
const STAY_MS = 100;
/** So long it waits for a first byte: a busy machine takes its time, and what has no answer is soon closed. */
const PATIENCE_MS = 2000;
/** What an error of ours, rather than of the client, says in the body of a 500. */
const INTERNAL =
  /whalesong failed|whalesong's mock failed|Cannot read propert|is not a function|is not iterable|call stack/;

/**
 * Sends the bytes, closes its half, and reads until the server closes or is silent for a moment.
 * @param {string} socketPath
 * @param {Buffer} bytes
 * @param {() => number} random
 * @returns {Promise<{ fault: string | undefined, isAnswered: boolean, isClosed: boolean }>}
 */
export function sendInput(socketPath, bytes, random) {
  return new Promise((resolve) => {
    const socket = connect({ path: socketPath, allowHalfOpen: true });
    /** @type {Buffer[]} */
    const pieces = [];
    let isClosed = false;
    let timer = setTimeout(() => socket.destroy(), PATIENCE_MS);
    socket
      .on("error", () => undefined)
      .on("data", (piece) => {
        pieces.push(piece);
        clearTimeout(timer);
        timer = setTimeout(() => socket.destroy(), STAY_MS);
      });
    socket.on("end", () => {
      isClosed = true;
    });
    socket.on("close", () => {
      clearTimeout(timer);
      resolve({ ...judge(Buffer.concat(pieces)), isClosed });
    });
    const parts = random() < 0.2 ? cutByChance(bytes, random) : [bytes];
    for (const part of parts) socket.write(part);
    socket.end();
  });
}

/** @param {Buffer} answer @returns {{ fault: string | undefined, isAnswered: boolean }} */
function judge(answer) {
  const text = answer.toString("latin1");
  const isAnswered = answer.length > 0;
  if (isAnswered && !text.startsWith("HTTP/1."))
    return { isAnswered, fault: `answered ${JSON.stringify(text.slice(0, 80))}` };
  return { isAnswered, fault: INTERNAL.test(text) ? `answered ${JSON.stringify(text.slice(-300))}` : undefined };
}
