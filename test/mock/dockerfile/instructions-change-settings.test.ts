import { describe, expect, test } from "vitest";
import { type ContainerConfig, type SentConfig, toContainerConfig } from "../../../src/mock/model/container-config.ts";
import { parseInstruction } from "../../../src/mock/operations/dockerfile/instruction.ts";
import { type ConfigSetting, SETTINGS } from "../../../src/mock/operations/dockerfile/settings.ts";
import { expandWord } from "../../../src/mock/operations/dockerfile/shell-lexer.ts";
import { toVariables } from "../../../src/mock/operations/dockerfile/variables.ts";
import { applyChanges } from "../../../src/mock/operations/images/apply-changes.ts";
import { catchApiError } from "../../playbook/catch-api-error.ts";

function apply(text: string, before: SentConfig = {}): ConfigSetting {
  const instruction = parseInstruction({ number: 1, text }, "\\");
  const config = toContainerConfig(before);
  const variables = toVariables(["V=value", "PORT=80 81", ...(config.Env ?? [])]);
  const expand = (word: string): string => expandWord(word, variables, "\\");
  const setting = SETTINGS.get(instruction.name)?.(instruction, { config, expand });
  if (setting === undefined) throw new Error(`no setting for ${text}`);
  return setting;
}

describe("an instruction changes settings, and leaves a step in the history", () => {
  test.each<[string, SentConfig, Partial<ContainerConfig>, string]>([
    ["CMD a b", {}, { Cmd: ["/bin/sh", "-c", "a b"] }, 'CMD ["/bin/sh" "-c" "a b"]'],
    ['CMD ["a", "b"]', {}, { Cmd: ["a", "b"] }, 'CMD ["a" "b"]'],
    ["CMD a", { Shell: ["bash", "-c"] }, { Cmd: ["bash", "-c", "a"] }, 'CMD ["bash" "-c" "a"]'],
    ["ENTRYPOINT []", {}, { Entrypoint: [] }, "ENTRYPOINT []"],
    ["ENV A=1 B=$V", {}, { Env: ["A=1", "B=value"] }, "ENV A=1 B=value"],
    ["ENV A=2", { Env: ["A=1", "B=1"] }, { Env: ["A=2", "B=1"] }, "ENV A=2"],
    ["ENV A one two", {}, { Env: ["A=one two"] }, "ENV A=one two"],
    ["LABEL a=1 b='c d'", { Labels: { a: "0" } }, { Labels: { a: "1", b: "c d" } }, "LABEL a=1 b=c d"],
    ["EXPOSE 81 80", {}, { ExposedPorts: { "80/tcp": {}, "81/tcp": {} } }, "EXPOSE 80 81"],
    ["EXPOSE 53/UDP", {}, { ExposedPorts: { "53/udp": {} } }, "EXPOSE 53/UDP"],
    ["EXPOSE $PORT", {}, { ExposedPorts: { "80/tcp": {}, "81/tcp": {} } }, "EXPOSE 80 81"],
    ["EXPOSE 8000-8002", {}, { ExposedPorts: { "8000/tcp": {}, "8001/tcp": {}, "8002/tcp": {} } }, "EXPOSE 8000-8002"],
    ["VOLUME /a $V", {}, { Volumes: { "/a": {}, value: {} } }, "VOLUME [/a value]"],
    ["USER $V", {}, { User: "value" }, "USER value"],
    ["WORKDIR /a/../b", {}, { WorkingDir: "/b" }, "WORKDIR /b"],
    ["WORKDIR b", { WorkingDir: "/a" }, { WorkingDir: "/a/b" }, "WORKDIR /a/b"],
    ["WORKDIR b", {}, { WorkingDir: "/b" }, "WORKDIR /b"],
    ["STOPSIGNAL SIGQUIT", {}, { StopSignal: "SIGQUIT" }, "STOPSIGNAL SIGQUIT"],
    ['SHELL ["a", "-c"]', {}, { Shell: ["a", "-c"] }, "SHELL [a -c]"],
    ["ONBUILD RUN a", { OnBuild: ["RUN b"] }, { OnBuild: ["RUN b", "RUN a"] }, "ONBUILD RUN a"],
    [
      "HEALTHCHECK --interval=1m30s --retries=3 CMD a",
      {},
      { Healthcheck: { Test: ["CMD-SHELL", "a"], Interval: 90e9, Retries: 3 } },
      `HEALTHCHECK &{["CMD-SHELL" "a"] "1m30s" "0s" "0s" '\\x03'}`,
    ],
    [
      'HEALTHCHECK --timeout=500ms CMD ["a"]',
      { Healthcheck: { Test: ["CMD", "b"], Interval: 5e9 } },
      { Healthcheck: { Test: ["CMD", "a"], Interval: 5e9, Timeout: 5e8 } },
      `HEALTHCHECK &{["CMD" "a"] "0s" "500ms" "0s" '\\x00'}`,
    ],
    ["HEALTHCHECK NONE", {}, { Healthcheck: { Test: ["NONE"] } }, `HEALTHCHECK &{["NONE"] "0s" "0s" "0s" '\\x00'}`],
  ])("%s", (text, before, expected, comment) => {
    const setting = apply(text, before);
    expect(setting.config).toMatchObject(expected);
    expect(setting.comment).toBe(comment);
  });

  test.each([
    ["EXPOSE x", "400 Invalid containerPort: x"],
    ["EXPOSE 70000", "400 Invalid containerPort: 70000"],
    ["EXPOSE 90-80", "400 Invalid containerPort: 90-80"],
    ["EXPOSE 80/xyz", "400 Invalid proto: xyz"],
    ["VOLUME $NONE", "400 VOLUME specified can not be an empty string"],
    ["WORKDIR $NONE", "400 cannot normalize nothing"],
    ["STOPSIGNAL XX", "400 Invalid signal: XX"],
    [
      "USER 'open",
      `400 failed to process "'open": unexpected end of statement while looking for matching single-quote`,
    ],
  ])("%s is an error", (text, error) => {
    expect(catchApiError(() => apply(text))).toBe(error);
  });
});

describe("the changes of a commit", () => {
  const CONFIG = toContainerConfig({ Env: ["A=1"], Cmd: ["sh"] });

  test("are applied in order, each with the variables of those before", () => {
    const config = applyChanges(CONFIG, ["ENV B=$A", "CMD echo $B", "LABEL b=$B"]);
    expect(config).toMatchObject({ Env: ["A=1", "B=1"], Cmd: ["/bin/sh", "-c", "echo $B"], Labels: { b: "1" } });
  });

  test.each<[string, string[]]>([
    ["none", []],
    ["blank lines", [" ", "\n"]],
  ])("may be %s", (_, changes) => {
    expect(applyChanges(CONFIG, changes)).toBe(CONFIG);
  });

  test.each([
    ["RUN a", "400 RUN is not a valid change command"],
    ["FROM a", "400 FROM is not a valid change command"],
    ["foo", "400 foo is not a valid change command"],
    ["ENV", "400 ENV requires at least one argument"],
    ["EXPOSE x", "400 Invalid containerPort: x"],
  ])("cannot be %s", (change, error) => {
    expect(catchApiError(() => applyChanges(CONFIG, ["ENV B=1", change]))).toBe(error);
  });
});
