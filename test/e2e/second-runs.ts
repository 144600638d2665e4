/**
 * What is recorded once and run again under new names. `$RUN` (12 hexadecimal digits), `$UUID` and `$STAMP`
 * (milliseconds) are made anew for each run; so is what a client makes up by itself.
 */
import type { ClientName } from "./clients.ts";
import type { UpstreamName } from "./engines.ts";
import { PODMAN_SESSIONS } from "./podman-runs.ts";

export interface SecondRun {
  /** The daemon that is recorded. */
  readonly engine: UpstreamName;
  readonly client: ClientName;
  readonly does: string;
  /** Shell, run as `cli-player` runs it. */
  readonly line: string;
  /** What else is different from run to run: of the recorded one first, then of those that are replayed. */
  readonly runs?: readonly Run[];
  /** Flags for `whalesong replay`. */
  readonly flags?: readonly string[];
  /** Why the simulated daemon, asked the same, may answer otherwise. */
  readonly differsBecause?: string;
  /** The recorded run connects to ports that the daemon publishes. */
  readonly isNearDaemon?: boolean;
}

export type Run = Readonly<Record<string, string>>;

export type Session = Omit<SecondRun, "client" | "engine">;

/** Ends at once when it is told to. */
const IDLE = "sh -c 'echo up; trap exit TERM; while :; do sleep 0.1; done'";

const CLI_SESSIONS: readonly Session[] = [
  {
    does: "containers under names, labels and values of today",
    line: `docker run -d --name web-$RUN -l run=$UUID busybox ${IDLE} | wc -c
      docker exec web-$RUN echo inside
      docker ps --filter name=web-$RUN --format '{{.Names}} {{.Status}}'
      docker ps --filter label=run=$UUID --format '{{.Names}}'
      docker inspect -f '{{.Name}} {{.Config.Labels}}' web-$RUN
      docker logs web-$RUN
      docker stop web-$RUN
      docker rm web-$RUN
      docker run --rm --name job-$STAMP -e STAMP=$STAMP busybox sh -c 'sleep 1; echo $STAMP'
      docker run --rm --name proj_web_run_$RUN busybox sh -c 'sleep 1; echo one-off; exit 4'; echo $?`,
  },
  {
    does: "builds whose Dockerfile comes from stdin, and images under names of today",
    line: `printf 'FROM busybox\\nCOPY fish.txt /\\nRUN sleep 2; cat /fish.txt\\n' |
        DOCKER_BUILDKIT=0 docker build -f - -t tide/stdin:1 context | grep -v 'build context'
      printf 'FROM busybox\\nCOPY fish.txt /\\n' | DOCKER_BUILDKIT=0 docker build -q -f - context
      printf 'FROM busybox\\nRUN echo $RUN\\n' | DOCKER_BUILDKIT=0 docker build -q -
      docker run --rm tide/stdin:1 cat /fish.txt
      docker tag tide/stdin:1 app:$RUN
      docker tag app:$RUN app:$UUID
      docker run --rm app:$RUN cat /fish.txt
      docker images -q app | wc -l
      docker rmi tide/stdin:1 app:$RUN app:$UUID`,
  },
  {
    does: "logs and events since and until moments of today",
    differsBecause: "what happened in the second that has just begun is not told yet, and the simulated daemon is fast",
    line: `docker run -d --name log-$RUN busybox sh -c 'for n in 1 2 3; do echo line $n; sleep 0.5; done' | wc -c
      docker logs --since 5m -f log-$RUN
      docker logs --since 5m --until 0s log-$RUN
      docker logs --since $(date -d '5 minutes ago' +%Y-%m-%dT%H:%M:%S) --tail 1 log-$RUN
      docker events --since 5m --until 0s --filter container=log-$RUN --format '{{.Action}} {{.Actor.Attributes.name}}'
      docker events --since $(($(date +%s) - 300)) --until $(date +%s) --filter container=log-$RUN --format '{{.Action}}'
      drive 'expect:destroy\\n;;signal:INT' docker events --since 5m --filter container=log-$RUN --format '{{.Action}}' &
      docker rm log-$RUN > removed; wait; cat removed`,
  },
  {
    does: "detached runs, execs and terminals, and leaving by ctrl-p ctrl-q",
    line: `drive --pty 'expect:here\\r\\n;;send:\\x10\\x11' docker run -it --name left-$RUN busybox sh -c 'echo here; cat'
      echo $?
      docker run -dit --name shell-$RUN busybox sh -c 'while read line; do sleep 0.3; echo got $line; done'
      drive --pty 'send:one\\r;;expect:got one\\r\\n;;send:\\x10\\x11' docker attach shell-$RUN; echo $?
      drive --pty 'send:two\\r;;expect:got two\\r\\n;;send:\\x18' docker attach --detach-keys ctrl-x shell-$RUN; echo $?
      docker exec -d shell-$RUN touch /by-exec
      drive --pty 'expect:by-exec\\r\\n;;send:\\x10\\x11' docker exec -it shell-$RUN sh -c 'ls /by-exec; cat'; echo $?
      docker ps --format '{{.Names}}' --filter name=$RUN
      docker rm -f left-$RUN shell-$RUN
      drive --pty 'expect:here\\r\\n;;send:\\x18' \\
        docker run --rm -it --detach-keys ctrl-x --name brief-$RUN busybox sh -c 'echo here; cat'; echo $?
      docker rm -f brief-$RUN`,
  },
  {
    does: "parallel stops in another order",
    line: `for one in a b c d; do docker run -d --name $one-$RUN busybox ${IDLE} | wc -c; done
      for one in $ORDER; do docker stop $one-$RUN & done | sort
      docker ps -a --filter name=$RUN --format '{{.Names}} {{.State}}' | sort
      docker start a-$RUN b-$RUN c-$RUN d-$RUN | sort
      docker stop $(for one in $ORDER; do echo $one-$RUN; done) | sort
      for one in $ORDER; do docker rm $one-$RUN & done | sort`,
    runs: [{ ORDER: "a b c d" }, { ORDER: "d c b a" }, { ORDER: "b d a c" }],
  },
  {
    does: "windows that are resized more or less often",
    line: `resizes=$(for n in $(seq $RESIZES); do printf 'resize:%sx40;;' $((80 + n)); done)
      drive --pty "expect:# ;;\${resizes}send:echo h''i\\\\r;;expect:hi\\\\r\\\\n;;expect:# ;;\${resizes}send:exit 3\\\\r" \\
        docker run --rm -it --name tty-$RUN busybox sh; echo $?
      docker run -dit --name sh-$RUN busybox sh | wc -c
      drive --pty "expect:# ;;\${resizes}send:sleep 1; exit 4\\\\r" docker exec -it sh-$RUN sh; echo $?
      docker rm -f sh-$RUN`,
    runs: [{ RESIZES: "3" }, { RESIZES: "0" }, { RESIZES: "20" }],
  },
  {
    does: "looks, taken more or less often",
    line: `look() { [ $LOOKS = 0 ] || docker container inspect -f '{{.State.Status}}' $(yes poll-$RUN | head -n $LOOKS) | uniq | grep -vx $1; }
      docker create --name poll-$RUN busybox ${IDLE} | wc -c; look created
      docker start poll-$RUN; look running
      docker pause poll-$RUN; look paused
      docker unpause poll-$RUN; look running
      docker stop poll-$RUN; look exited
      docker rm poll-$RUN`,
    runs: [{ LOOKS: "3" }, { LOOKS: "0" }, { LOOKS: "1" }, { LOOKS: "50" }],
  },
];

const COMPOSE: Session = {
  does: "a project from up to down, with execs, one-off runs and a scale",
  line: `compose() { docker-compose --ansi never -f "$PROGRAMS/docker-compose.yml" -p tide$RUN "$@" 2>/dev/null; }
    compose up -d
    compose ps -q | wc -l
    compose ps | grep _1
    compose exec -T web echo inside
    compose exec -T db sh -c 'sleep 3; exit 3'; echo $?
    compose logs --no-color | grep -v Attaching | sort
    compose run --rm web sh -c 'sleep 3; echo one-off'
    compose up -d --scale web=2
    compose ps --services
    compose stop
    compose ps -q | wc -l
    compose down -v`,
};

/** Of CLI 28.5, which builds by BuildKit unless it is told not to. */
const BUILDKIT: Session = {
  does: "builds by BuildKit under tags, labels and arguments of today",
  line: `docker build -q -t app:$RUN --label run=$UUID context | wc -c
    docker build --progress plain --build-arg WHO=fish-$RUN -t reef:$STAMP context 2>&1 | grep -o 'naming to [^ ]*' | sort -u
    docker run --rm reef:$STAMP
    docker image inspect -f '{{index .Config.Labels "run"}}' app:$RUN
    printf 'variable "V" {}\ntarget "one" {\n context = "context"\n tags = ["one:%s"]\n}\n' '\${V}' > bake.hcl
    V=$RUN docker buildx bake -f bake.hcl one 2>/dev/null; echo $?
    docker run --rm one:$RUN cat /fish.txt
    docker rmi app:$RUN reef:$STAMP one:$RUN | grep -c Untagged`,
};

const TESTCONTAINERS: readonly Session[] = [
  { does: "containers with wait strategies", line: `node "$PROGRAMS/testcontainers.mjs"` },
  {
    does: "a container with a published port",
    line: `PORT=1 node "$PROGRAMS/testcontainers.mjs"`,
    flags: ["--ports"],
    isNearDaemon: true,
  },
];

const COMPOSE_2: Session = {
  does: "a project from up to down, with execs, one-off runs and a scale",
  line: `compose() { docker compose --ansi never --progress quiet -f "$PROGRAMS/compose.yaml" -p tide$RUN "$@" 2>/dev/null; }
    compose up -d
    compose ps -q | wc -l
    compose ps --format '{{.Service}} {{.State}}' | sort
    compose exec -T web echo inside
    compose exec -T db sh -c 'sleep 3; exit 3'; echo $?
    compose logs --no-color --no-log-prefix | sort
    compose run --rm -T web sh -c 'sleep 3; echo one-off'
    compose up -d --scale web=2
    compose ps --services
    compose stop
    compose ps -q | wc -l
    compose down -v`,
};

function sessionsOf(engine: UpstreamName, client: ClientName, ...sessions: readonly Session[]): readonly SecondRun[] {
  return sessions.map((session) => ({ engine, client, ...session }));
}

function of(client: ClientName, ...sessions: readonly Session[]): readonly SecondRun[] {
  return sessionsOf("20.10", client, ...sessions);
}

export const SECOND_RUNS: readonly SecondRun[] = [
  ...of("docker CLI 28", ...CLI_SESSIONS),
  ...of("docker CLI 20.10", ...CLI_SESSIONS),
  ...of("docker-compose 1", COMPOSE),
  ...of("docker-py", { does: "a program", line: `/usr/bin/python3 "$PROGRAMS/docker_py.py"` }),
  ...of("dockerode", { does: "a program", line: `node "$PROGRAMS/dockerode.mjs"` }),
  ...of("testcontainers 11.14", ...TESTCONTAINERS),
  ...of("the newest testcontainers", ...TESTCONTAINERS),
  ...sessionsOf("28", "docker CLI 28.5", ...CLI_SESSIONS, BUILDKIT),
  ...sessionsOf("28", "compose 2", COMPOSE_2),
  ...sessionsOf("podman", "docker CLI 28.5", ...PODMAN_SESSIONS),
  ...sessionsOf("podman", "docker CLI 20.10", ...PODMAN_SESSIONS),
  ...sessionsOf("podman", "docker-py", { does: "a program", line: `/usr/bin/python3 "$PROGRAMS/docker_py.py"` }),
];
