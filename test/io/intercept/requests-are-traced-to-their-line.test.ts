/** A request that is not recorded is reported with the line of the program that made it. */
import { expect, test } from "vitest";
import { RequestOrigins } from "../../../src/io/intercept/request-origins.ts";

/** Two places that make requests. */
const PLACES = {
  here: (origins: RequestOrigins, method: string, path: string) => origins.note({ method, path }),
  there: (origins: RequestOrigins, method: string, path: string) => origins.note({ method, path }),
};

test.each<
  [behaviour: string, notes: [place: keyof typeof PLACES, times: number, method: string, path: string][], found: string]
>([
  [
    "the latest counts",
    [
      ["here", 3, "POST", "/a"],
      ["there", 1, "POST", "/a"],
    ],
    "there",
  ],
  [
    "of a change that is made again and again, too",
    [
      ["here", 100, "POST", "/a"],
      ["there", 1, "POST", "/a"],
    ],
    "there",
  ],
  [
    "of a read, too",
    [
      ["here", 15, "GET", "/a"],
      ["there", 1, "GET", "/a"],
    ],
    "there",
  ],
  [
    "a poll is not traced for ever",
    [
      ["here", 16, "GET", "/a"],
      ["there", 1, "GET", "/a"],
    ],
    "here",
  ],
  [
    "but does not displace others",
    [
      ["there", 1, "GET", "/a"],
      ["here", 1000, "GET", "/b"],
    ],
    "there",
  ],
  [
    "nor hide them",
    [
      ["here", 1000, "GET", "/b"],
      ["there", 1, "GET", "/a"],
    ],
    "there",
  ],
  [
    "many paths are forgotten",
    [
      ["here", 16, "GET", "/a"],
      ["here", 600, "GET", "/n/*"],
      ["there", 1, "GET", "/a"],
    ],
    "there",
  ],
])("%s", (_, notes, found) => {
  const origins = new RequestOrigins();
  for (const [place, times, method, path] of notes) {
    for (let at = 0; at < times; at += 1) PLACES[place](origins, method, path.replace("*", String(at)));
  }
  const method = notes.some(([, , each]) => each === "POST") ? "POST" : "GET";
  expect(origins.find(method, "/a")[0]).toContain(`${found} `);
});
