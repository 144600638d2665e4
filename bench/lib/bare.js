/**
 * The limits that the parts measure beside, each a process of its own: `node bench/lib/bare.js KIND ADDRESS [OPERAND]`.
 * Of addresses, a number is a port of 127.0.0.1.
 */
import { createReadStream, statSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { connect, createServer } from "node:net";
import { CREATES, LIST_CONTAINERS } from "./exchanges.js";

const [kind = "", address = "", operand = ""] = process.argv.slice(2);
const KINDS = { http: answerAlike, pipe: passBytes, file: streamFile };

KINDS[/** @type {keyof typeof KINDS} */ (kind)]().listen(toPlace(address));

/** A `node:http` server that matches nothing, and sends the bytes of the exchanges of `hits.js`. */
function answerAlike() {
  const list = headersOf(LIST_CONTAINERS.json);
  const created = headersOf(CREATES[0]?.json ?? "");
  return createHttpServer({ keepAliveTimeout: 0 }, (request, response) => {
    if (request.method === "GET") response.writeHead(200, list).end(LIST_CONTAINERS.json);
    else request.resume().on("end", () => response.writeHead(201, created).end(CREATES[0]?.json));
  });
}

/** The least that can stand between a client and a daemon in Node. */
function passBytes() {
  return createServer({ allowHalfOpen: true }, (client) => {
    const daemon = connect({ ...toPlace(operand), allowHalfOpen: true });
    const end = () => {
      client.destroy();
      daemon.destroy();
    };
    client.on("error", end).pipe(daemon);
    daemon.on("error", end).pipe(client);
  });
}

/** A file, sent as Node's own streams send it. */
function streamFile() {
  const headers = { "Content-Type": "application/x-tar", "Content-Length": statSync(operand).size };
  return createHttpServer((_, response) => {
    response.writeHead(200, headers);
    createReadStream(operand).pipe(response);
  });
}

/** @param {string} json */
function headersOf(json) {
  return { "Api-Version": "1.41", "Content-Type": "application/json", "Content-Length": Buffer.byteLength(json) };
}

/** @param {string} text */
function toPlace(text) {
  return /^\d+$/.test(text) ? { port: Number(text), host: "127.0.0.1" } : { path: text };
}
