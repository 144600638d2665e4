import { describe, expect, test } from "vitest";
import type { ApiJson } from "../../../src/mock/model/api-json.ts";
import { ENGINE_RELEASES } from "../../../src/mock/model/engine-release.ts";
import { toHostConfig } from "../../../src/mock/model/host-config.ts";
import { checkName } from "../../../src/mock/operations/lifecycle/check-name.ts";
import { toEndpoints } from "../../../src/mock/operations/lifecycle/container-endpoints.ts";
import { hasToRestart, nextRestartDelayMs } from "../../../src/mock/operations/lifecycle/restart-policy.ts";
import { createRuntimeError } from "../../../src/mock/operations/lifecycle/runtime-error.ts";
import { catchApiError } from "../../playbook/catch-api-error.ts";
import { makeContainer } from "../../playbook/make-container.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";

describe("an update of memory", () => {
  const TOO_LOW =
    "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time";
  test.each<[ApiJson, ApiJson, string | undefined]>([
    [{}, { Memory: 67_108_864 }, TOO_LOW],
    [{ Memory: 67_108_864, MemorySwap: 134_217_728 }, { Memory: 134_217_729 }, TOO_LOW],
    [{ Memory: 67_108_864, MemorySwap: 134_217_728 }, { Memory: 134_217_728 }, undefined],
    [{}, { Memory: 67_108_864, MemorySwap: 67_108_864 }, undefined],
    [{ Memory: 67_108_864, MemorySwap: 134_217_728 }, { CpuShares: 512 }, undefined],
  ])("of %j by %j", async (HostConfig, changed, message) => {
    const docker = new MockedDaemon();
    await docker.asks("POST /v1.41/containers/create?name=web", { Image: "busybox", HostConfig });
    const { status, json } = await docker.asks("POST /v1.41/containers/web/update", changed);
    const refusal = [409, expect.stringMatching(`^Cannot update container [0-9a-f]{64}: ${message}$`)];
    expect([status, json.message]).toEqual(message === undefined ? [200, undefined] : refusal);
  });
});

describe("settings that dockerd refuses", () => {
  test.each<[ApiJson, string]>([
    [{ Image: "nosuch" }, "404 No such image: nosuch:latest"],
    [{ Image: "", Cmd: [] }, "400 No command specified"],
    [{ Entrypoint: [""], Cmd: [] }, "400 No command specified"],
    [{ WorkingDir: "srv" }, "400 the working directory 'srv' is invalid, it needs to be an absolute path"],
    [{ StopSignal: "XX" }, "400 Invalid signal: XX"],
    [{ StopSignal: "SIGQUIT" }, "ok"],
    [{ Env: ["A=1", "=x"] }, "400 invalid environment variable: =x"],
    [{ Env: [""] }, "400 invalid environment variable: "],
    [{ Env: ["A", "B="] }, "ok"],
    [{ Healthcheck: { Interval: 999_999 } }, "400 Interval in Healthcheck cannot be less than 1ms"],
    [{ Healthcheck: { Timeout: -1 } }, "400 Timeout in Healthcheck cannot be less than 1ms"],
    [{ Healthcheck: { StartPeriod: 1 } }, "400 StartPeriod in Healthcheck cannot be less than 1ms"],
    [{ Healthcheck: { Retries: -1 } }, "400 Retries in Healthcheck cannot be negative"],
    [{ Healthcheck: { Interval: 1_000_000 } }, "ok"],
  ])("%j", (config, result) => {
    expect(catchApiError(() => makeContainer(new MockedDaemon().engine, "", { config }))).toBe(result);
  });

  test.each<[ApiJson, string]>([
    [{ RestartPolicy: { Name: "x" } }, "400 invalid restart policy 'x'"],
    [
      { RestartPolicy: { Name: "always", MaximumRetryCount: 2 } },
      "400 maximum retry count cannot be used with restart policy 'always'",
    ],
    [
      { RestartPolicy: { Name: "no", MaximumRetryCount: 2 } },
      "400 maximum retry count cannot be used with restart policy 'no'",
    ],
    [{ RestartPolicy: { Name: "on-failure", MaximumRetryCount: -1 } }, "400 maximum retry count cannot be negative"],
    [{ RestartPolicy: { Name: "on-failure", MaximumRetryCount: 5 } }, "ok"],
    [{ RestartPolicy: { Name: "", MaximumRetryCount: 5 } }, "ok"],
    [
      { AutoRemove: true, RestartPolicy: { Name: "always" } },
      "400 can't create 'AutoRemove' container with restart policy",
    ],
    [{ AutoRemove: true, RestartPolicy: { Name: "x" } }, "400 can't create 'AutoRemove' container with restart policy"],
    [{ AutoRemove: true, RestartPolicy: { Name: "no" } }, "ok"],
    [{ PortBindings: { "80/tcp": [{ HostPort: "x" }] } }, '400 invalid port specification: "x"'],
    [{ PortBindings: { "80/tcp": [{ HostPort: "70000" }] } }, '400 invalid port specification: "70000"'],
    [{ PortBindings: { "80/tcp": [{ HostPort: "90-80" }] } }, '400 invalid port specification: "90-80"'],
    [{ PortBindings: { "80/tcp": [{ HostPort: "80-90" }, {}] } }, "ok"],
    [{ PortBindings: { "x/tcp": [] } }, '400 invalid port specification: "x"'],
    [{ PortBindings: { "80-81/tcp": [] } }, '400 invalid port specification: "80-81"'],
    [{ PortBindings: { "80/tcp": null } }, "ok"],
    [{ NanoCpus: 2_000_000_001 }, "400 Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available"],
    [{ NanoCpus: -1 }, "400 Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available"],
    [{ NanoCpus: 2_000_000_000 }, "ok"],
    [{ Memory: 6_291_455 }, "400 Minimum memory limit allowed is 6MB"],
    [{ Memory: 6_291_456 }, "ok"],
    [
      { Memory: 8_000_000, MemorySwap: 7_000_000 },
      "400 Minimum memoryswap limit should be larger than memory limit, see usage",
    ],
    [{ MemorySwap: 7_000_000 }, "400 You should always set the Memory limit when using Memoryswap limit, see usage"],
    [{ Memory: 8_000_000, MemorySwap: -1 }, "ok"],
    [{ MemorySwappiness: 101 }, "400 Invalid value: 101, valid memory swappiness range is 0-100"],
    [{ MemorySwappiness: -1 }, "ok"],
    [{ MemoryReservation: 1 }, "400 Minimum memory reservation allowed is 6MB"],
    [
      { Memory: 7_000_000, MemoryReservation: 8_000_000 },
      "400 Minimum memory limit can not be less than memory reservation limit, see usage",
    ],
    [{ NanoCpus: 1e9, CpuPeriod: 5000 }, "400 Conflicting options: Nano CPUs and CPU Period cannot both be set"],
    [{ NanoCpus: 1e9, CpuQuota: 5000 }, "400 Conflicting options: Nano CPUs and CPU Quota cannot both be set"],
    [{ CpuPeriod: 999 }, "400 CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)"],
    [{ CpuQuota: 999 }, "400 CPU cfs quota can not be less than 1ms (i.e. 1000)"],
    [{ ShmSize: -1 }, "400 SHM size can not be less than 0"],
    [{ OomScoreAdj: 1001 }, "400 Invalid value 1001, range for oom score adj is [-1000, 1000]"],
    [{ Links: ["nosuch:db"] }, "400 could not get container for nosuch: No such container: nosuch"],
    [{ NetworkMode: "container:nosuch" }, "ok"],
  ])("of the host: %j", (hostConfig, result) => {
    expect(catchApiError(() => makeContainer(new MockedDaemon().engine, "", { hostConfig }))).toBe(result);
  });

  test("leave no container behind", () => {
    const { engine } = new MockedDaemon();
    expect(catchApiError(() => makeContainer(engine, "", { hostConfig: { Binds: ["a:b"] } }))).not.toBe("ok");
    expect([engine.containers.size, engine.events.past.at(-1)?.action]).toEqual([0, "destroy"]);
  });
});

describe("a name", () => {
  const { engine } = new MockedDaemon();
  const { id } = makeContainer(engine, "web");

  test.each([
    ["db", "ok"],
    ["/db", "ok"],
    ["A0_.-", "ok"],
    ["a", "400 Invalid container name (a), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"],
    ["-a", "400 Invalid container name (-a), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"],
    ["a b", "400 Invalid container name (a b), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"],
    ["/a/b", "400 Invalid container name (/a/b), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"],
    [
      "web",
      `409 Conflict. The container name "/web" is already in use by container "${id}". You have to remove (or rename) that container to be able to reuse that name.`,
    ],
  ])("%s", (name, result) => {
    expect(catchApiError(() => checkName(engine, name))).toBe(result);
  });
});

describe("endpoints of a new container", () => {
  test.each<[string, Record<string, ApiJson>, string[]]>([
    ["default", {}, ["bridge"]],
    ["host", {}, ["host"]],
    ["tide", { tide: { Aliases: ["db"] } }, ["tide"]],
    ["container:abc", {}, []],
  ])("in the mode %s", (NetworkMode, endpoints, names) => {
    expect(Object.keys(toEndpoints(ENGINE_RELEASES["20.10"], toHostConfig({ NetworkMode }), endpoints))).toEqual(names);
  });

  test("have what the client sets, and are at most one", () => {
    const sent = { Aliases: ["db"], IPAMConfig: { IPv4Address: "10.0.0.9" } };
    expect(
      toEndpoints(ENGINE_RELEASES["20.10"], toHostConfig({ NetworkMode: "tide" }), { tide: sent }).tide,
    ).toMatchObject({
      aliases: ["db"],
      ipam: { IPv4Address: "10.0.0.9" },
      address: "",
    });
    expect(catchApiError(() => toEndpoints(ENGINE_RELEASES["20.10"], toHostConfig({}), { a: {}, b: {} }))).toBe(
      "400 Container cannot be connected to network endpoints: a, b",
    );
  });
});

describe("a restart policy", () => {
  test.each<[string, number, number, number, boolean, boolean]>([
    ["", 0, 0, 1, false, false],
    ["no", 0, 0, 1, false, false],
    ["always", 0, 9, 0, false, true],
    ["always", 0, 9, 0, true, false],
    ["unless-stopped", 0, 9, 1, false, true],
    ["unless-stopped", 0, 9, 1, true, false],
    ["on-failure", 0, 9, 1, false, true],
    ["on-failure", 0, 9, 0, false, false],
    ["on-failure", 3, 2, 1, false, true],
    ["on-failure", 3, 3, 1, false, false],
    ["on-failure", 3, 0, 1, true, false],
  ])(
    "%j of at most %d, after %d restarts, for the exit code %d, stopped: %s",
    (Name, max, restartCount, exitCode, isStoppedByHand, restarts) => {
      const hostConfig = toHostConfig({ RestartPolicy: { Name, MaximumRetryCount: max } });
      const container = { ...makeContainer(new MockedDaemon().engine, ""), hostConfig, restartCount, isStoppedByHand };
      expect(hasToRestart(container, exitCode)).toBe(restarts);
    },
  );

  test("doubles its delay up to a minute, and begins anew after a run of ten seconds", () => {
    const delays = [0];
    for (const ranMs of [1, 1, 9999, 10_000, 1, 1]) delays.push(nextRestartDelayMs(delays.at(-1) ?? 0, ranMs));
    expect(delays.slice(1)).toEqual([100, 200, 400, 100, 200, 400]);
    expect([nextRestartDelayMs(51_200, 0), nextRestartDelayMs(60_000, 0)]).toEqual([60_000, 60_000]);
  });
});

test.each([
  ["not found", "executable file not found in $PATH", 127],
  ["no such file", "stat x: no such file or directory", 127],
  ["permission denied", "permission denied", 126],
  ["not simulated", "whalesong's mock has no program that stands for this file", 126],
] as const)("a program that is %s is an error of runc", (reason, why, exitCode) => {
  const tail = `unable to start container process: exec: "x": ${why}: unknown`;
  expect(createRuntimeError("start", "x", reason)).toEqual({
    message: `failed to create shim task: OCI runtime create failed: runc create failed: ${tail}`,
    exitCode,
  });
  expect(createRuntimeError("exec", "x", reason).message).toBe(`OCI runtime exec failed: exec failed: ${tail}`);
});
