import { type Probe, probe } from "./probe.ts";

const UPGRADE = ["Connection: Upgrade", "Upgrade: tcp"];
const ALL = "stream=1&stdout=1&stderr=1";

function ran(name: string, body: Record<string, unknown>): Probe[] {
  return [
    probe("ContainerCreate", `POST /containers/create?name=${name}`, { body: { Image: "busybox", ...body } }),
    probe("ContainerStart", `POST /containers/${name}/start`, { settles: 400 }),
  ];
}

const CAT = { Cmd: ["cat"], OpenStdin: true, StdinOnce: true, AttachStdin: true };

export const streamProbes: readonly Probe[] = [
  ...ran("said", { Cmd: ["sh", "-c", "echo one; sleep 0.1; echo two >&2; sleep 0.1; printf three"] }),
  probe("ContainerLogs", "GET /containers/said/logs?stdout=1&stderr=1", { settles: 300 }),
  probe("ContainerAttach", "POST /containers/said/attach?logs=1&stdout=1&stderr=1", { headers: UPGRADE }),
  probe("ContainerAttach", "POST /containers/said/attach?logs=1&stdout=1"),
  probe("ContainerAttach", "POST /containers/said/attach", { headers: UPGRADE }),
  probe("ContainerAttach", "POST /containers/nosuch/attach?stream=1", { headers: UPGRADE }),
  probe("ContainerAttach", "POST /containers/said/attach?stream=1&detachKeys=nosuch", { headers: UPGRADE }),
  probe("ContainerAttachWebsocket", "GET /containers/nosuch/attach/ws"),
  ...ran("echoes", CAT),
  probe("ContainerAttach", `POST /containers/echoes/attach?stdin=1&${ALL}`, { headers: UPGRADE, says: "hello\n" }),
  probe("ContainerWait", "POST /containers/echoes/wait", { values: [".StatusCode"] }),
  probe("ContainerLogs", "GET /containers/echoes/logs?stdout=1"),
  ...ran("screen", { Cmd: ["sh", "-c", "read x; echo got $x; exit 4"], Tty: true, OpenStdin: true }),
  probe("ContainerAttach", `POST /containers/screen/attach?stdin=1&${ALL}`, {
    headers: UPGRADE,
    says: "hi\n",
    staysOpen: true,
    hears: 1500,
  }),
  probe("ContainerLogs", "GET /containers/screen/logs?stdout=1"),
  probe("ContainerInspect", "GET /containers/screen/json", {
    values: [".State.Status", ".State.ExitCode"],
    isRepeated: true,
  }),
  ...ran("sleeper", { Cmd: ["sleep", "100"] }),
  probe("ContainerPause", "POST /containers/sleeper/pause"),
  probe("ContainerAttach", `POST /containers/sleeper/attach?${ALL}`, { headers: UPGRADE }),
  probe("ContainerDelete", "DELETE /containers/sleeper?force=1", { settles: 300 }),
  probe("SystemEvents", 'GET /events?since={begun}&until={now}&filters={"type":["container"]}', {
    values: [".Action", ".Actor.Attributes.exitCode", ".Actor.Attributes.signal"],
  }),
  probe("SystemEvents", "GET /events?since={begun}&until={now}", { sorted: [".Type"] }),
  probe("ContainerPrune", "POST /containers/prune"),
];
