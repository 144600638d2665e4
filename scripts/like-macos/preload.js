/**
 * Loaded into each process of Node below `scripts/like-macos.js`: on Linux it sees what it would see on macOS, as far as
 * Node itself can pretend it. What it cannot: docs/decisions/0074-macos-is-pretended-on-linux.md.
 */
import dns from "node:dns";
import fs from "node:fs";
import Module, { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import os from "node:os";

/** `sun_path` of 104 bytes, the last a NUL (xnu bsd/sys/un.h). */
const LONGEST_SOCKET_PATH = 103;
/** kern.ipc.somaxconn (xnu bsd/sys/socket.h, SOMAXCONN). */
const SOMAXCONN = 128;
const ONLY_ON_LINUX = /^\/(?:proc|sys)(?:\/|$)/;

Object.defineProperty(process, "platform", {
  ...Object.getOwnPropertyDescriptor(process, "platform"),
  value: "darwin",
});
Object.assign(os, { platform: () => "darwin", type: () => "Darwin", release: () => "24.6.0" });
keepNativeModules();
hideLinuxFiles();
limitSockets();
preferIpv6();
syncBuiltinESMExports();

/** Native modules of this machine, whatever the platform is said to be. */
function keepNativeModules() {
  const below = Module._resolveFilename;
  Module._resolveFilename = (name, ...rest) =>
    below(
      name.replace(/-darwin-(?=arm64|x64)/, "-linux-").replace(/(-linux-(?:arm64|x64))(?=$|\/)/, "$1-gnu"),
      ...rest,
    );
}

function hideLinuxFiles() {
  const reads = ["access", "exists", "lstat", "open", "opendir", "readFile", "readdir", "readlink", "realpath", "stat"];
  for (const name of reads) {
    wrap(fs, `${name}Sync`, (path) => path);
    wrap(fs.promises, name, (path) => path);
  }
  for (const name of ["createReadStream", ...reads.filter((one) => one !== "exists")]) wrap(fs, name, (path) => path);
}

/** @param {string} name a function of `owner` whose first parameter is a path */
function wrap(owner, name) {
  const below = owner[name];
  if (below === undefined) return;
  const hiding = function (path, ...rest) {
    return below.call(this, ONLY_ON_LINUX.test(String(path)) ? `/nonexistent${path}` : path, ...rest);
  };
  owner[name] = Object.assign(hiding, below);
}

function limitSockets() {
  const { listen } = net.Server.prototype;
  net.Server.prototype.listen = function (...parameters) {
    const [first] = parameters;
    const options = typeof first === "object" && first !== null ? first : undefined;
    const path = options?.path ?? first;
    if (isTooLong(path)) return failLater(this, "listen", "EINVAL", path);
    if (options !== undefined) parameters[0] = { ...options, backlog: Math.min(options.backlog ?? 511, SOMAXCONN) };
    return listen.apply(this, parameters);
  };
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (...parameters) {
    const [first] = Array.isArray(parameters[0]) ? parameters[0] : parameters;
    const path = first?.path ?? first;
    if (isTooLong(path)) return failLater(this, "connect", "EINVAL", path);
    return isOtherFile(path) ? failLater(this, "connect", "ENOTSOCK", path) : connect.apply(this, parameters);
  };
}

function isTooLong(path) {
  return typeof path === "string" && Buffer.byteLength(path) > LONGEST_SOCKET_PATH;
}

/** Linux refuses a connection to it, as to a socket that nothing listens at. */
function isOtherFile(path) {
  return typeof path === "string" && fs.statSync(path, { throwIfNoEntry: false })?.isSocket() === false;
}

function failLater(emitter, syscall, code, address) {
  const error = Object.assign(new Error(`${syscall} ${code} ${address}`), { code, syscall, address });
  process.nextTick(() => emitter.emit("error", error));
  return emitter;
}

/** There `localhost` is ::1 first (nodejs/node#40537). */
function preferIpv6() {
  const { lookup } = dns;
  const hasIpv6 = Object.values(os.networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));
  dns.lookup = (host, ...rest) => {
    const [options, callback] = typeof rest[0] === "function" ? [{}, rest[0]] : rest;
    const { all, family = 0 } = typeof options === "number" ? { family: options } : options;
    if (host !== "localhost" || !hasIpv6 || (family !== 0 && family !== "IPv6" && family !== 6))
      return lookup(host, ...rest);
    const six = { address: "::1", family: 6 };
    const both = family === 0 ? [six, { address: "127.0.0.1", family: 4 }] : [six];
    process.nextTick(() => (all ? callback(null, both) : callback(null, six.address, six.family)));
  };
  Object.assign(dns.lookup, lookup);
}
