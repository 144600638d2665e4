/** What differs from run to run of one and the same daemon is allowed, and nothing more. */
import { expect, test } from "vitest";
import type { Said } from "../cli-player.ts";
import { CLI_ALLOWANCES, TODAY_ALLOWANCES } from "./cli-allowances.ts";
import { normalizeOutputs } from "./normalize-output.ts";
import { PROGRAM_ALLOWANCES } from "./program-allowances.ts";

const keep = (line: string, stdout: string, allowances = TODAY_ALLOWANCES): readonly Said[] =>
  normalizeOutputs([{ line, status: 0, stdout, stderr: "" }], allowances);

test.each([
  ["docker container stats --no-stream --format '{{.Name}} {{.MemUsage}} {{.PIDs}}' nemo", "nemo 1.2MiB / 3GiB ", "\n"],
  ["docker stats --no-stream --format json nemo | tr , '\\n' | grep -v Perc", '"PIDs":"', '"}\n'],
])("a loop has one process or two: %s", (line, before, after) => {
  expect(keep(line, `${before}1${after}`)).toEqual(keep(line, `${before}2${after}`));
  expect(keep(line, `${before}1${after}`)).not.toEqual(keep(line, `${before}3${after}`));
});

test.each([4, 6])("the columns of `top` are as wide as the ids in them, %i digits", (digits) => {
  const top = (width: number, command: string): string =>
    `SERVICE  #   UID   ${"PID".padEnd(width)}  ${"PPID".padEnd(width)}  C   STIME   CMD\ndb       1   root  ${"9".repeat(width)}  ${"8".repeat(width)}  0   21:50   ${command}\n`;
  const line = "cd shop && docker compose top db";
  expect(keep(line, top(digits, "sh"))).toEqual(keep(line, top(5, "sh")));
  expect(keep(line, top(digits, "sh"))).not.toEqual(keep(line, top(5, "ash")));
});

test("an hour may end between the real daemon and the simulated one", () => {
  const keepTop = (time: string, command: string): string | undefined => {
    const top = `top: {"Processes":[["root","812","790","0","${time}","?","00:00:00","${command}"]]}`;
    return keep(top, top, PROGRAM_ALLOWANCES)[0]?.stdout;
  };
  expect(keepTop("22:59", "sleep 600")).toBe(keepTop("23:00", "sleep 600"));
  expect(keepTop("22:59", "sleep 600")).not.toBe(keepTop("22:59", "sh"));
});

test.each([
  ["", "<id>: ", "\n"],
  ["drive --pty '' ", "\x1b[1A\x1b[2K\r<id>: ", " \x1b[1B"],
])("who watches a pull, `%sdocker pull`, may not see that a layer is there", (watched, before, after) => {
  const keepPull = (...steps: readonly string[]): readonly Said[] => {
    const printed = steps
      .map((step) => `${before}${step}${after}`)
      .join("")
      .replaceAll("<id>", "0123456789ab");
    return keep(`${watched}docker pull $R/tide/built:1`, printed, CLI_ALLOWANCES);
  };
  const [begin, there, end] = ["Pulling fs layer", "Download complete", "Pull complete"] as const;
  expect(keepPull(begin, there, end)).toEqual(keepPull(begin, end));
  expect(keepPull(begin, there)).not.toEqual(keepPull(begin, end));
});
