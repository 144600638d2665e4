/** What a client reckons by its own clock is no difference; all else is. */
import { expect, test } from "vitest";
import { withoutDurations } from "./own-clock.ts";

test.each([
  ["Up 2 seconds", "Up 13 seconds"],
  ["Exited (0) Less than a second ago", "Exited (0) 2 minutes ago"],
  ["reef 3 days ago", "reef About an hour ago"],
  ["#1 pulling image reef:stable-1 done\n", "#1 pulling image reef:stable-1 0.0s done\n"],
  ["#4 extracting 0.1s done\r\n", "#4 extracting 0.4s 1.2s done\r\n"],
])("%j and %j are the same", (one, other) => {
  expect(withoutDurations(one)).toBe(withoutDurations(other));
});

test.each([
  ["reef:stable-1 done", "reef:stable-2 done"],
  ["reef:stable-1 done", "reef:stable-1 0.1s"],
  ["Exited (0) 2 minutes ago", "Exited (1) 2 minutes ago"],
  ["2 fish", "3 fish"],
])("%j and %j differ", (one, other) => {
  expect(withoutDurations(one)).not.toBe(withoutDurations(other));
});
