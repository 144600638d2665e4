import { describe, expect, test } from "vitest";
import { findInCommand } from "../../src/secrets/text-secrets.ts";

function secretsOf(text: string, previous?: string): string[] {
  return findInCommand(text, previous, "commands").map(({ start, end }) => text.slice(start, end));
}

describe("a command shows", () => {
  test.each([
    ["mysql --password=hunter2", ["hunter2"]],
    ["curl -H 'X-Api-Key: abc123'", ["abc123"]],
    ["PASSWORD=hunter2 ./run", ["hunter2"]],
    ["echo password:hunter2", ["hunter2"]],
    ["echo password:1hunter", ["1hunter"]],
    ["echo token:123456", ["123456"]],
    ["echo 'secret: 1'", ["1"]],
    ["ENV DB_PASSWORD hunter2", ["hunter2"]],
  ])("%s", (text, secrets) => {
    expect(secretsOf(text)).toEqual(secrets);
  });

  test("the argument behind a flag", () => {
    expect(secretsOf("hunter2", "--password")).toEqual(["hunter2"]);
  });
});

describe("an image is no secret, whatever its name", () => {
  test.each([
    "naming to docker.io/tide/secret:1 done",
    "docker run my/token:hunter",
    "docker run secret:1",
    "docker run vault-token:2.3.4-alpine",
    "docker run token:latest",
    "docker run 127.0.0.1:5000/key:v2",
  ])("%s", (text) => {
    expect(secretsOf(text)).toEqual([]);
  });
});
