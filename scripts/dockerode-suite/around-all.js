/** Preloaded by mocha (`-r`): one cassette around all tests of a suite. CASSETTE, ADDRESS, UPSTREAM, REPORT say which. */
import fs, { writeFileSync } from "node:fs";
import { insertCassette } from "whalesong";

const { CASSETTE, ADDRESS, UPSTREAM, REPORT } = process.env;
/** @type {import("whalesong").InsertedCassette} */
let cassette;

/** The names that the suite makes up are to be the same in every run: one is too short to be recognised as made up. */
let seed = 42;
Math.random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

/** The suite's last test calls `fs.rm` without a callback, which throws as soon as anything waits after it. */
const { rm } = fs;
fs.rm = Object.assign((path, options, done = () => undefined) => rm(path, options, done), rm);

export const mochaHooks = {
  async beforeAll() {
    const mode = UPSTREAM === undefined ? "replay" : "record";
    cassette = await insertCassette(CASSETTE, { mode, intercept: [ADDRESS], ...(UPSTREAM && { upstream: UPSTREAM }) });
  },
  async afterAll() {
    writeFileSync(REPORT, JSON.stringify(await cassette.eject()));
  },
};
