import { type Probe, probe } from "./probe.ts";

const exec = (body: unknown, keep?: string): Probe =>
  probe("ContainerExec", "POST /containers/host/exec", { body, ...(keep === undefined ? {} : { keep }) });
const start = (name: string, more: Partial<Probe> = {}): Probe =>
  probe("ExecStart", `POST /exec/{${name}}/start`, { body: { Detach: false }, ...more });
const UPGRADE = ["Connection: Upgrade", "Upgrade: tcp"];

export const execProbes: readonly Probe[] = [
  probe("ContainerCreate", "POST /containers/create?name=host", { body: { Image: "busybox", Cmd: ["sleep", "1000"] } }),
  probe("ContainerExec", "POST /containers/host/exec", { body: { Cmd: ["true"] } }),
  probe("ContainerStart", "POST /containers/host/start", { settles: 300 }),
  probe("ContainerExec", "POST /containers/nosuch/exec", { body: { Cmd: ["true"] } }),
  probe("ContainerExec", "POST /containers/host/exec"),
  exec([]),
  exec({ User: 5 }),
  exec({ Cmd: [] }),
  exec({}),
  exec({ Cmd: ["sh", "-c", "echo out; exit 3"], AttachStdout: true, AttachStderr: true }, "three"),
  probe("ExecInspect", "GET /exec/{three}/json", { values: [".Running", ".ExitCode", ".OpenStdout"] }),
  start("three", { headers: UPGRADE }),
  probe("ExecInspect", "GET /exec/{three}/json", { values: [".Running", ".ExitCode"], isRepeated: true }),
  start("three", { headers: UPGRADE }),
  probe("ExecStart", "POST /exec/{three}/start", { body: { Detach: true } }),
  exec({ Cmd: ["cat"], AttachStdin: true, AttachStdout: true }, "cat"),
  start("cat", { headers: UPGRADE, says: "hello\n" }),
  exec({ Cmd: ["echo", "plain"], AttachStdout: true }, "plain"),
  start("plain"),
  exec({ Cmd: ["tty"], AttachStdout: true, Tty: true }, "tty"),
  start("tty", { headers: UPGRADE, body: { Detach: false, Tty: true } }),
  exec({ Cmd: ["nosuch"], AttachStdout: true }, "nosuch"),
  start("nosuch", { headers: UPGRADE }),
  probe("ExecInspect", "GET /exec/{nosuch}/json", { values: [".ExitCode"] }),
  exec({ Cmd: ["pwd"], WorkingDir: "/nosuch", AttachStdout: true }, "lost"),
  start("lost", { headers: UPGRADE }),
  exec({ Cmd: ["env"], Env: ["A=1"], AttachStdout: true }, "env"),
  start("env", { headers: UPGRADE }),
  probe("ExecStart", "POST /exec/nosuch/start", { body: {} }),
  probe("ExecStart", "POST /exec/nosuch/start"),
  probe("ExecStart", "POST /exec/nosuch/start", { body: [] }),
  probe("ExecInspect", "GET /exec/nosuch/json"),
  probe("ExecResize", "POST /exec/nosuch/resize?h=1&w=1"),
  probe("ExecResize", "POST /exec/nosuch/resize"),
  probe("ExecResize", "POST /exec/{three}/resize?h=1&w=1"),
  probe("ContainerPause", "POST /containers/host/pause"),
  exec({ Cmd: ["true"] }),
  probe("ContainerDelete", "DELETE /containers/host?force=1"),
];
