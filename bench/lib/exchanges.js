/** The exchanges that are recorded, replayed and asked for. */
import { createHash } from "node:crypto";
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

const BATCH = 1000;

/** @typedef {{ method: string, target: string, body?: string, status: number, reason: string, json: string }} Exchange */

const LIST = JSON.stringify(Array.from({ length: 6 }, (_, at) => describeContainer(at)));
const CREATED = JSON.stringify({ Id: "c".repeat(64), Warnings: [] });

/** A GET that is answered with 2.5 KB of JSON. */
export const LIST_CONTAINERS = {
  method: "GET",
  target: "/v1.41/containers/json?all=1",
  status: 200,
  reason: "OK",
  json: LIST,
};

/** Five POSTs of 1.9 KB, which differ in their bodies alone. */
export const CREATES = Array.from({ length: 5 }, (_, at) => ({
  method: "POST",
  target: "/v1.41/containers/create",
  body: JSON.stringify(describeCreate(at)),
  status: 201,
  reason: "Created",
  json: CREATED,
}));

/** What `hits.js` asks for. */
export const HITS = [LIST_CONTAINERS, ...CREATES];

/** What else an inspection may tell, 1.9 KB of it. */
export const DETAILS = describeCreate(0);

/**
 * The inspection of the container of a number, as a recorder writes it.
 * @param {number} number
 * @param {object} [details] what else it tells (default: nothing)
 * @returns {Exchange}
 */
export function inspectionOf(number, details) {
  const Id = createHash("sha256").update(`${number}`).digest("hex");
  const json = JSON.stringify({ Id, Name: `/web-${number}`, State: { Status: "running", Pid: number }, ...details });
  return { method: "GET", target: `/v1.41/containers/${Id}/json`, status: 200, reason: "OK", json };
}

/**
 * A cassette of exchanges.
 * @param {string} folder
 * @param {readonly Exchange[]} exchanges
 * @returns {string} its path
 */
export function writeCassette(folder, exchanges) {
  const path = join(folder, "hits.yaml");
  writeFileSync(path, ["whalesong: 1\n", ...exchanges.map(formatExchange)].join("---\n"));
  return path;
}

/**
 * A cassette of so many inspections.
 * @param {string} folder
 * @param {number} count
 * @param {object} [details] what else each of them tells (default: nothing)
 * @returns {string} its path
 */
export function writeInspections(folder, count, details) {
  const path = join(folder, `${count}-${details ? "long" : "short"}.yaml`);
  writeInBatches(path, count, "whalesong: 1\n", (number) => `---\n${formatExchange(inspectionOf(number, details))}`);
  return path;
}

/**
 * The same as `writeInspections`, as one array of JSON.
 * @param {string} folder
 * @param {number} count
 * @param {object} [details]
 * @returns {string} its path
 */
export function writeInspectionsAsJson(folder, count, details) {
  const path = join(folder, `${count}-${details ? "long" : "short"}.json`);
  const formatOne = (/** @type {number} */ number) => {
    const { method, target, status, reason, json } = inspectionOf(number, details);
    const response = {
      status: `${status} ${reason}`,
      headers: { "Content-Type": "application/json" },
      "json-bare": json,
    };
    return `${number === 0 ? "[" : ",\n"}${JSON.stringify({ request: `${method} ${target}`, response })}`;
  };
  writeInBatches(path, count, "", formatOne, "]\n");
  return path;
}

/**
 * A request as it is sent.
 * @param {{ method: string, target: string, body?: string | undefined }} request
 */
export function encodeRequest({ method, target, body = "" }) {
  const fields = body && `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
  return Buffer.from(`${method} ${target} HTTP/1.1\r\nHost: docker\r\n${fields}\r\n${body}`);
}

/** @param {Exchange} exchange */
function formatExchange({ method, target, body, status, reason, json }) {
  const line = `${method} ${target}`;
  const request =
    body === undefined
      ? `request: ${line}\n`
      : `repeat: true\nrequest:\n  line: ${line}\n  headers: {Content-Type: application/json}\n  json-bare: ${body}\n`;
  const headers = "headers: {Content-Type: application/json}";
  return `${request}response:\n  status: ${status} ${reason}\n  ${headers}\n  json-bare: ${json}\n`;
}

/**
 * @param {string} path
 * @param {number} count
 * @param {string} head
 * @param {(number: number) => string} formatOne
 * @param {string} [tail]
 */
function writeInBatches(path, count, head, formatOne, tail = "") {
  const file = openSync(path, "w");
  writeSync(file, head);
  for (let from = 0; from < count; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => from + at);
    writeSync(file, numbers.map(formatOne).join(""));
  }
  writeSync(file, tail);
  closeSync(file);
}

/** @param {number} at */
function describeContainer(at) {
  const labels = Array.from({ length: 4 }, (_, label) => [`com.example.label-${label}`, `value ${at}`]);
  return {
    Id: String(at).repeat(64),
    Names: [`/web-${at}`],
    Image: "busybox:1.36",
    Command: "sleep 600",
    State: "running",
    Labels: Object.fromEntries(labels),
  };
}

/** @param {number} at */
function describeCreate(at) {
  const env = Array.from({ length: 40 }, (_, number) => `VARIABLE_${number}=the value of it, ${at}`);
  return { Image: "busybox:1.36", Cmd: ["sleep", "600"], Env: env, HostConfig: { NetworkMode: "default" } };
}
