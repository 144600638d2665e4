/** A line to paste has no secret: it stands in terminals, logs of CI and screenshots. */
import { expect, test } from "vitest";
import { formatMaskedLine, maskCommand } from "../../src/secrets/mask-command.ts";

test.each([
  ["a setting of the environment", ["docker", "run", "-e", "PASSWORD=hunter2hunter2", "busybox"], 3],
  ["a flag with its value", ["docker", "login", "-p", "hunter2hunter2"], 3],
  ["a flag's value behind an equals sign", ["docker", "login", "--password=hunter2hunter2"], 2],
  ["credentials in a URL", ["docker", "build", "https://me:hunter2hunter2@example.test/repo.git"], 2],
])("%s", (_, command, at) => {
  const masked = maskCommand(command, {});
  expect(masked[at]).toMatch(/<redacted:1>|%3Credacted:1%3E/);
  expect(masked.join(" ")).not.toContain("hunter2");
  expect(masked.filter((_word, other) => other !== at)).toEqual(command.filter((_word, other) => other !== at));
});

test("the value of a variable whose name tells, wherever it stands", () => {
  const env = { DB_PASSWORD: "hunter2-of-today", PATH: "/usr/bin:/bin" };
  expect(maskCommand(["sh", "-c", "echo hunter2-of-today /usr/bin:/bin"], env)).toEqual([
    "sh",
    "-c",
    "echo <redacted:1> /usr/bin:/bin",
  ]);
});

test("words that are no secret stay", () => {
  const command = ["docker", "run", "--rm", "-e", "PATH=/bin", "-p", "8080:80", "alpine", "echo", "hi"];
  expect(maskCommand(command, {})).toEqual(command);
});

test.each([
  [
    "quotes what a shell would take for a redirection, and says what to put in",
    ["docker", "run", "-e", "PASSWORD=hunter2hunter2", "busybox"],
    "whalesong record a.yaml -- docker run -e 'PASSWORD=<redacted:1>' busybox   # put in what <redacted:1> stands for",
  ],
  [
    "names each secret once",
    ["docker", "login", "-p", "hunter2hunter2", "-e", "TOKEN=hunter2hunter2", "-e", "API_KEY=another-hunter3"],
    "whalesong record a.yaml -- docker login -p '<redacted:1>' -e 'TOKEN=<redacted:1>' -e 'API_KEY=<redacted:2>'   # put in what <redacted:1>, <redacted:2> stands for",
  ],
  ["says nothing where nothing is masked", ["docker", "ps"], "whalesong record a.yaml -- docker ps"],
])("a line to paste %s", (_, command, line) => {
  expect(formatMaskedLine(["whalesong", "record", "a.yaml", "--"], command, { env: {} })).toBe(line);
});
