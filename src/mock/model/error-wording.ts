/**
 * The words and statuses of errors by engine. The simulation throws errors in the words of dockerd 20.10. This table says
 * how dockerd 28 words the same errors (moby daemon, api/server/httputils, runconfig).
 */
import { ApiError } from "./api-error.ts";
import { type EngineName, type EngineRelease, isOlderEngine } from "./engine-release.ts";

/** What an error is about: the operation of `src/wire/operations/routes.ts`, and the name in the path. */
export interface ErrorSubject {
  readonly operation: string;
  readonly name: string;
}

interface Rewording {
  /** Only in these operations. @default all */
  readonly of?: RegExp;
  readonly from: RegExp;
  /** `$1` is a group of `from`, `{name}` the name in the path. */
  readonly to: string | ((text: string) => string);
  /** @default the status that 20.10 has */
  readonly status?: number;
}

const SINCE: EngineName = "28";
const AUTH = /^SystemAuth$/;
const START = /^Container(Start|Restart)$/;
const EXTRACT = /^PutContainerArchive$/;
const BAD_NAME = /^Image(Tag|Commit)$/;

/** Go's types of bodies that have other names in 28. */
const GO_TYPES: Readonly<Record<string, string>> = {
  ExecConfig: "container.ExecOptions",
  ExecStartCheck: "container.ExecStartOptions",
  NetworkCreateRequest: "network.CreateRequest",
  NetworkConnect: "network.ConnectOptions",
  NetworkDisconnect: "network.DisconnectOptions",
  VolumeCreateBody: "volume.CreateOptions",
};

/** `json: cannot unmarshal ...`, with the name of the type. */
function renameGoType([old, name]: readonly [string, string]): readonly Rewording[] {
  return [
    { from: new RegExp(`^(json: .* Go value of type) types\\.${old}$`, "s"), to: `$1 ${name}` },
    {
      from: new RegExp(`^(json: .* into(?: Go struct field)?) ${old}\\.`, "s"),
      to: `$1 ${name.replace(/^.*\./, "")}.`,
    },
  ];
}

/** What 20.10 does not say yet. */
const OLD_REWORDINGS: readonly Rewording[] = [
  { from: /(Destination could not be determined)\.$/, to: "$1" },
  { from: /^\S+ is not a valid change command$/, to: (text) => text.toLowerCase() },
  { from: /(invalid reference format: repository name) \(.*?\) (must be lowercase)/, to: "$1 $2" },
];

/** All rows that match apply, from the first to the last. */
const REWORDINGS: readonly Rewording[] = [
  ...Object.entries(GO_TYPES).flatMap(renameGoType),
  { from: /^(json: .* Go value of type) runconfig.ContainerConfigWrapper$/, to: "$1 container.CreateRequest" },
  { from: /^(json: .* Go struct field) ContainerConfigWrapper\./, to: "$1 ." },
  { of: AUTH, from: /^(json: .* Go struct field) AuthConfig\./, to: "$1 ." },
  { of: AUTH, from: /types\.AuthConfig$/, to: "registry.AuthConfig" },
  { from: /^(json: .* into) ContainerConfigWrapper\./, to: "$1 ." },
  { from: /^(json: .*\.Healthcheck of type) container\.HealthConfig$/, to: "$1 v1.HealthcheckConfig" },
  { from: /^(json: .*\.RestartPolicy\.Name of type) string$/, to: "$1 container.RestartPolicyMode" },
  { of: /^(?!SystemAuth$)/, from: /^json: cannot unmarshal/, to: "invalid JSON: $&", status: 400 },
  { from: /^Container (\S+ is not running)$/, to: "container $1" },
  { from: /^Invalid (filter '|signal: )/, to: "invalid $1" },
  { from: /^Config cannot be empty/, to: "config cannot be empty" },
  { from: /^No command specified/, to: "no command specified" },
  { from: /^Limit (\d+ is outside)/, to: "limit $1" },
  {
    from: /^(invalid filter 'status=(.*)')$/s,
    to: "$1: invalid value for state ($2): must be one of created, running, paused, restarting, removing, exited, dead",
  },
  { from: /^no such container (\S+)$/, to: "No such container: $1", status: 404 },
  {
    from: /^invalid restart policy '(.*)'$/s,
    to: "invalid restart policy: unknown policy '$1'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'",
  },
  {
    from: /^maximum retry count cannot be used with restart policy .*$/,
    to: "invalid restart policy: maximum retry count can only be used with 'on-failure'",
  },
  { from: /^maximum retry count cannot be negative$/, to: "invalid restart policy: $&" },
  { of: /^ContainerKill$/, from: /^invalid signal: /, to: "cannot kill container: {name}: invalid signal: " },
  {
    of: /^ContainerStop$/,
    from: /^invalid signal: /,
    to: "cannot stop container: {name}: invalid signal: ",
    status: 500,
  },
  {
    of: /^ContainerRestart$/,
    from: /^invalid signal: /,
    to: "Cannot restart container {name}: invalid signal: ",
    status: 500,
  },
  { from: /^Cannot kill container: (\S+): Container /, to: "cannot kill container: $1: container " },
  { from: /^Cannot kill container: /, to: "cannot kill container: " },
  {
    from: /^You cannot remove a paused container .*$/,
    to: 'cannot remove container "{name}": container is paused and must be unpaused first',
  },
  {
    from: /^You cannot remove a (\S+) container .*$/,
    to: 'cannot remove container "{name}": container is $1: stop the container before removing or force remove',
  },
  { from: /^(failed to create shim task: .*): unknown$/s, to: "failed to create task for container: $1" },
  { of: START, from: /^network \S+ not found$/, to: "failed to set up container networking: $&" },
  { from: /^(OCI runtime exec failed: .*): unknown$/s, to: "$1" },
  { from: /^Error: Exec command (\S+ has already run)$/, to: "exec command $1" },
  { from: /^no such exec$/, to: "NotFound: process does not exist {name}: not found" },
  { of: EXTRACT, from: /^Error processing tar file\(exit status 1\): /, to: "" },
  { of: EXTRACT, from: /^cannot overwrite (\S+ "?)\/(\S+) with (\S+) ".*"$/, to: 'cannot overwrite $1$2 with $3 "/"' },
  { of: EXTRACT, from: /^(extraction point is not a directory|.* is marked read-only)$/, to: "$1", status: 400 },
  { from: /^Error processing tar file\(exit status 1\): unexpected EOF$/, to: "unexpected EOF" },
  { from: /^no such image: .*?: ((No such image|invalid).*)$/s, to: "$1" },
  { of: BAD_NAME, from: /^invalid (reference|tag|repository name|checksum)/, to: "$&", status: 400 },
  { from: /^refusing to create a tag with a digest reference$/, to: "cannot import digest reference" },
  { of: /^ImageSearch$/, from: /^strconv.Atoi/, to: "invalid limit specified: $&", status: 400 },
  { from: /^could not parse filters: invalid filter/, to: "invalid filter", status: 400 },
  {
    of: /^(BuildPrune|BuildCancel|ImageBuild)$/,
    from: /^(\S+ is in bytes|build ID|invalid version)/,
    to: "$&",
    status: 400,
  },
  { from: /^failed to reach build target (.*) in Dockerfile$/s, to: 'target stage "$1" could not be found' },
  { from: /^dockerfile parse error line /, to: "dockerfile parse error on line " },
  { from: /^Range of CPUs is/, to: "range of CPUs is" },
  { from: /Unknown flag: (\S+)$/, to: "unknown flag: --$1" },
  { from: /Missing a value on flag: (\S+)$/, to: "missing a value on flag: --$1" },
  { from: /(Destination could not be determined)\.$/, to: "$1" },
  { from: /^invalid name: $/, to: "invalid name: name is empty", status: 400 },
  { of: /^NetworkCreate$/, from: /^This node is not a swarm manager/, to: "$&", status: 403 },
  { from: /^Pool overlaps with/, to: "invalid pool request: $&" },
  { of: /^NetworkPrune$/, from: /^failed to parse value as time/, to: "$&", status: 400 },
  {
    of: /^NetworkConnect$/,
    from: /^container cannot be disconnected from host network or connected to host network$/,
    to: "cannot connect container to host network - container must be created in host network mode",
  },
];

/** The error as the engine says it. `subject` is missing for errors that are not responses, such as `State.Error`. */
export function wordError(release: EngineRelease, error: ApiError, subject?: ErrorSubject): ApiError {
  const { operation = "", name = "" } = subject ?? {};
  const rows = isOlderEngine(release, SINCE) ? OLD_REWORDINGS : REWORDINGS;
  const worded = rows
    .filter(({ of }) => of === undefined || of.test(operation))
    .reduce(
      ({ status, message }, row) =>
        row.from.test(message)
          ? { status: row.status ?? status, message: replaceWords(message, row, name) }
          : { status, message },
      { status: error.status, message: error.message },
    );
  return new ApiError(worded.status, worded.message, error.code);
}

function replaceWords(message: string, { from, to }: Rewording, name: string): string {
  // A function as the replacement keeps what looks like a group in the name.
  return typeof to === "string" ? message.replace(from, to).replace("{name}", () => name) : message.replace(from, to);
}
