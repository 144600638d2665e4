const assert = require("node:assert/strict");
const http = require("node:http");
const { test } = require("node:test");

/** One of those that are packed. */
const PING = require.resolve("whalesong/package.json").replace("package.json", "cassettes/ping.yaml");

test("msw answers from a cassette", async () => {
  const { setupServer } = require("msw/node");
  const { createHandlers } = require("whalesong/msw");
  const server = setupServer(...createHandlers(PING, { allowsUnplayed: true }));
  server.listen();
  assert.equal(await ping(), "OK");
  server.close();
});

test("nock answers from a cassette", async () => {
  const nock = require("nock");
  const { createScopes } = require("whalesong/nock");
  createScopes(PING, { allowsUnplayed: true });
  assert.equal(await ping(), "OK");
  nock.restore();
});

/** @returns {Promise<string>} */
function ping() {
  return new Promise((resolve, reject) => {
    http
      .get("http://localhost/_ping", async (response) => resolve(String(await response.toArray())))
      .on("error", reject);
  });
}
