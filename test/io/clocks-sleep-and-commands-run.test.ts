import { EventEmitter } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../src/io/clock.ts";
import { runCommand } from "../../src/io/run-command.ts";
import { createTemporaryFolder, PATIENTLY } from "./temporary.ts";

describe("the system's clock", () => {
  afterEach(() => void vi.useRealTimers());

  test("goes on while a test's fake timers stand still", async () => {
    vi.useFakeTimers();
    const before = systemClock.now();
    await systemClock.sleep(5);
    expect(systemClock.now()).toBeGreaterThan(before);
  });

  test("wakes at once when it is aborted", async () => {
    const alarm = new AbortController();
    const asleep = systemClock.sleep(2 ** 40, alarm.signal);
    alarm.abort();
    await asleep;
    await systemClock.sleep(2 ** 40, alarm.signal);
  });
});

describe("a command", () => {
  test.each([
    ["exit 0", 0],
    ["exit 7", 7],
    ["kill -TERM $$", 143],
    ["kill -KILL $$", 137],
  ])("`%s` gives status %i", async (script, status) => {
    expect(await runCommand(["sh", "-c", script], process.env)).toEqual({ status, hasStarted: true });
  });

  test("gets the environment it is given, and no other", async () => {
    const script = `test "$GREETING" = hello && test -z "$HOME"`;
    expect(await runCommand(["/bin/sh", "-c", script], { GREETING: "hello" })).toEqual({ status: 0, hasStarted: true });
  });

  test.each([
    ["missing", 127, "no such command"],
    ["folder", 126, "permission denied"],
    ["plain", 126, "permission denied"],
  ])("that is %s gives status %i", async (name, status, hint) => {
    const folder = createTemporaryFolder();
    mkdirSync(join(folder, "folder"));
    writeFileSync(join(folder, "plain"), "");
    const said: string[] = [];
    const result = await runCommand([join(folder, name)], process.env, { report: (message) => said.push(message) });
    expect(result).toEqual({ status, hasStarted: false });
    expect(said.join()).toContain(hint);
  });

  /** A script that writes the signals it gets to a file, and ends with 3 at the one called USR2. */
  function witness(folder: string): readonly string[] {
    const script = join(folder, "witness");
    const traps = ["INT", "TERM", "HUP", "WINCH"].map((name) => `trap 'echo ${name} >> heard' ${name}`);
    writeFileSync(
      script,
      `#!/bin/sh\ncd "${folder}"\n${traps.join("\n")}\ntrap 'exit 3' USR2\n: > heard; : > ready\nwhile :; do sleep 0.01; done\n`,
    );
    chmodSync(script, 0o755);
    return [script];
  }

  async function sent(hasTerminal: boolean): Promise<string> {
    const folder = createTemporaryFolder();
    const signals = new EventEmitter();
    const running = runCommand(witness(folder), process.env, { signals, hasTerminal });
    await expect.poll(() => existsSync(join(folder, "ready")), PATIENTLY).toBe(true);
    const heard = (): string => readFileSync(join(folder, "heard"), "utf8");
    signals.emit("SIGINT", "SIGINT");
    if (!hasTerminal) await expect.poll(heard, PATIENTLY).toContain("INT");
    signals.emit("SIGTERM", "SIGTERM");
    await expect.poll(heard, PATIENTLY).toContain("TERM");
    signals.emit("SIGUSR2", "SIGUSR2");
    expect(await running).toEqual({ status: 3, hasStarted: true });
    expect(signals.eventNames()).toEqual([]);
    return heard();
  }

  test("is passed the signals we get, and is outlived", async () => {
    expect(await sent(false)).toBe("INT\nTERM\n");
  });

  test("does not get from us what its terminal has sent it already", async () => {
    expect(await sent(true)).toBe("TERM\n");
  });
});
