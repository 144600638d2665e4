/** Builds by BuildKit: each is recorded from a real engine and replayed without one. */
import type { EngineName } from "../engines.ts";
import { CANARIES } from "./canaries.ts";

export type BuildClient = "CLI 28.5" | "CLI 20.10";

export interface BuildRow {
  readonly client: BuildClient;
  readonly engine: EngineName;
  readonly builds: string;
  /** Shell, run in a folder that holds CONTEXTS; what it leaves in `out/` is compared, too. */
  readonly line: string;
  /** Changes before the replay. */
  readonly changes?: readonly BuildChange[];
  /** How the client ends; default 0. */
  readonly status?: number;
  /** It needs a registry that wants a password or a token: the recorded client runs beside the daemon. */
  readonly isGuarded?: true;
  /** Why the simulated daemon may answer otherwise. */
  readonly differsBecause?: string;
}

export interface BuildChange {
  /** Shell that changes the files. */
  readonly by?: string;
  /** Another line to run. */
  readonly line?: string;
  /** What the client prints, which then ends with status 1; undefined where the build replays all the same. */
  readonly prints?: RegExp;
}

/** By path below the folder in which the lines run. */
export const CONTEXTS: Readonly<Record<string, string>> = {
  "plain/Dockerfile":
    "FROM busybox\nARG WHO=world\nWORKDIR /app\nCOPY app.txt .\nCOPY src src\nRUN cat app.txt && echo $WHO > out.txt\n",
  "plain/app.txt": "app\n",
  "plain/src/one": "1\n",
  "plain/src/two": "two is longer\n",
  "plain/junk.log": "ignored\n",
  "plain/.dockerignore": "*.log\n",
  "stages/Dockerfile": [
    "FROM busybox AS first",
    "RUN --mount=type=cache,target=/c echo first > /first && date +%N > /c/x",
    "FROM busybox AS second",
    "RUN echo second > /second",
    "FROM busybox",
    "COPY --from=first /first /",
    "COPY --from=second --chmod=700 /second /",
    "RUN cat /first /second",
    "",
  ].join("\n"),
  "secret/Dockerfile":
    "FROM busybox\nRUN --mount=type=secret,id=tok test -s /run/secrets/tok && head -c 3 /run/secrets/tok > /three\n",
  "secret/tok.txt": `${CANARIES["secret from a file"]}\n`,
  "secret/.dockerignore": "tok.txt\n",
  "guarded/Dockerfile": [
    "FROM 127.0.0.1:5001/guarded AS first",
    "FROM 127.0.0.1:5002/guarded",
    "COPY --from=first /bin/busybox /other",
    "ARG ROAD",
    "RUN --mount=type=secret,id=file test -s /run/secrets/file",
    "RUN --mount=type=secret,id=env test -s /run/secrets/env",
    "",
  ].join("\n"),
  "guarded/tok.txt": `${CANARIES["secret from a file"]}\n`,
  "guarded/.dockerignore": "tok.txt\n",
  "guarded/docker-bake.hcl": [
    'target "default" {',
    '  args = { ROAD = "not from the cache" }',
    '  secret = ["type=file,id=file,src=tok.txt", "type=env,id=env,env=BUILD_TOKEN"]',
    '  tags = ["guarded:bake"]\n}\n',
  ].join("\n"),
  "guarded/compose.yaml": [
    "name: guarded",
    "services: {web: {build: {context: ., args: {ROAD: compose}, secrets: [file, env]}}}",
    "secrets: {file: {file: tok.txt}, env: {environment: BUILD_TOKEN}}\n",
  ].join("\n"),
  "agent/Dockerfile": 'FROM busybox\nRUN --mount=type=ssh test -S "$SSH_AUTH_SOCK"\n',
  "slow/Dockerfile": "FROM busybox\nRUN echo begun; exec sleep 100\n",
  "failing/Dockerfile": "FROM busybox\nRUN echo before; exit 7\n",
  "tree/Dockerfile": [
    "FROM busybox AS made",
    "RUN mkdir -p /o/d && echo hi > /o/d/out.txt && ln -s out.txt /o/d/link && ln /o/d/out.txt /o/d/hard && chmod 600 /o/d/out.txt",
    "FROM scratch",
    "COPY --from=made /o /",
    "COPY big /",
    "",
  ].join("\n"),
  "tree/big": "z".repeat(70_000),
  "bake/Dockerfile": "FROM busybox\nARG WHO\nCOPY a.txt /\nRUN echo $WHO > /who\n",
  "bake/a.txt": "a\n",
  "bake/named.Dockerfile": "FROM busybox\nCOPY --from=other app.txt /\nRUN cat /app.txt\n",
  "bake/docker-bake.hcl": [
    'group "default" {\n  targets = ["one", "two"]\n}',
    'target "one" {\n  args = { WHO = "one" }\n  tags = ["bake:one"]\n}',
    'target "two" {\n  args = { WHO = "two" }\n  tags = ["bake:two"]\n}\n',
  ].join("\n"),
  "bake/shared.hcl": [
    'target "one" {\n  context = "bake"\n  args = { WHO = "one" }\n}',
    'target "default" {\n  contexts = { base = "target:one" }\n  dockerfile-inline = "FROM base\\nRUN cat /who\\n"\n}\n',
  ].join("\n"),
  "shop/compose.yaml":
    'name: shop\nservices:\n  web: {build: ../plain, stop_grace_period: 1s, command: [sh, -c, "cat /app/out.txt; exec sleep 1000"]}\n',
};

const PLAIN = "docker build --iidfile out/id -t plain:1 plain";
const GUARDED =
  "docker build --secret id=file,src=guarded/tok.txt --secret id=env,env=BUILD_TOKEN -t guarded:1 guarded";

/** A build that is ended, with the plugin that makes it, when its command has printed: the machine decides how soon. */
const endWhenBegun = (signal: "INT" | "KILL"): string =>
  [
    "setsid env --default-signal=INT docker build -t slow:1 slow > out/log 2>&1 & build=$!",
    "tries=0; until grep -qs '[0-9] begun$' out/log || [ $((tries += 1)) = 400 ]; do sleep 0.1; done",
    // The shell may or may not say that it was killed.
    `{ kill -s ${signal} -- -$build; wait $build; status=$?; } 2> /dev/null; cat out/log`,
  ].join("\n");

/** Of both clients; `docker build` is BuildKit's in the environment that the test gives. */
const COMMON: readonly Omit<BuildRow, "client" | "engine">[] = [
  {
    builds: "a context with an ignored file",
    line: PLAIN,
    changes: [
      { by: "echo one > plain/src/one", prints: /src\/one differs/ },
      { by: "echo another > plain/src/one", prints: /src\/one differs/ },
      { by: "echo new > plain/src/new", prints: /src\/new is new/ },
      { by: "rm plain/src/two", prints: /src\/two is missing/ },
      { by: "chmod 755 plain/app.txt", prints: /app.txt differs/ },
      { by: "echo RUN true >> plain/Dockerfile", prints: /Dockerfile differs/ },
      { by: "find plain -exec touch {} +" },
      { by: "echo ignored, too > plain/junk.log; echo new > plain/new.log" },
      { line: PLAIN.replace("plain:1", "plain:9"), prints: /plain:9/ },
      { line: PLAIN.replace("plain:1", "plain:1 --build-arg WHO=moon"), prints: /WHO/ },
      { line: PLAIN.replace("plain:1", "plain:1 --target nowhere"), prints: /nowhere/ },
    ],
  },
  { builds: "several stages and a cache mount", line: "docker build --iidfile out/id -t stages:1 stages" },
  {
    builds: "with a secret",
    line: "docker build --secret id=tok,src=secret/tok.txt -t secret:1 secret",
  },
  { builds: "what fails", line: "docker build -t failing:1 failing", status: 1 },
  {
    builds: "into a folder",
    line: "docker build --output type=local,dest=out/tree tree",
    changes: [{ by: "chmod 755 tree/big", prints: /big differs/ }],
  },
  { builds: "into a tar", line: "docker build --output type=tar,dest=out/tree.tar tree" },
  { builds: "with a password, a token and secrets", line: GUARDED, isGuarded: true },
];

const NEWER: readonly Omit<BuildRow, "client" | "engine">[] = [
  {
    builds: "the same again, from the cache",
    line: "docker build -t plain:1 plain; docker build --iidfile out/id -t plain:1 plain",
  },
  {
    builds: "without the cache, quietly, with an argument",
    line: "docker build --no-cache -q --build-arg WHO=moon plain > out/id",
    changes: [{ by: "sed -i s/moon/moon/ plain/Dockerfile; rm plain/src/two", prints: /src\/two is missing/ }],
  },
  {
    builds: "a context from stdin",
    line: "tar -C plain --sort=name --mtime=@0 --owner=0 --group=0 -c . | docker build -t stdin:1 -",
  },
  {
    builds: "with a metadata file",
    line: "docker build --metadata-file out/metadata.json --iidfile out/id -t metadata:1 plain; grep -c containerimage out/metadata.json",
  },
  {
    builds: "two targets at once",
    line: "cd bake && docker buildx bake",
    changes: [
      {
        by: "echo new > bake/new.txt; sed -i 's/a.txt/a.txt new.txt/' bake/Dockerfile",
        prints: /Dockerfile differs/,
      },
    ],
  },
  {
    builds: "a target with a password, a token and secrets",
    line: "cd guarded && docker buildx bake -f docker-bake.hcl",
    isGuarded: true,
  },
  {
    builds: "a service of compose with a password, a token and secrets",
    line: "docker compose -f guarded/compose.yaml build",
    isGuarded: true,
  },
  {
    builds: "with an agent of ssh",
    line: [
      "eval $(ssh-agent -s) > agent.log",
      "ssh-keygen -q -t ed25519 -N '' -f out/key; ssh-add -q out/key",
      "docker build --ssh default -t agent:1 agent; status=$?",
      "kill $SSH_AGENT_PID; exit $status",
    ].join("; "),
  },
  {
    builds: "what is cancelled",
    line: `${endWhenBegun("INT")}; exit $status`,
    status: 130,
    differsBecause: "the simulated daemon's sleep has its own clock",
  },
  {
    builds: "what is killed, and then something else",
    line: `${endWhenBegun("KILL")}; docker build -t plain:1 plain`,
    differsBecause: "the simulated daemon's sleep has its own clock",
  },
  { builds: "a service of compose", line: "docker compose -f shop/compose.yaml build" },
  {
    builds: "a service of compose that starts",
    line: "docker compose -f shop/compose.yaml up -d --build; docker compose -f shop/compose.yaml logs --no-color --no-log-prefix; docker compose -f shop/compose.yaml down -t 1",
  },
  {
    builds: "reads of the builder",
    line: "docker build -q plain; docker buildx ls; docker buildx inspect; docker buildx du | tail -n 3 | wc -l; docker buildx history ls | wc -l; docker buildx history logs",
  },
  {
    builds: "with other options, other contexts and checks",
    line: [
      "docker build --check plain",
      "docker build --call targets stages",
      "docker build --build-context other=plain -f bake/named.Dockerfile bake",
      "docker buildx bake -f bake/shared.hcl > out/bake 2>&1; echo $?",
      "docker build --platform linux/amd64 --label a=b --add-host one:1.2.3.4 --network none --shm-size 64m -t options:1 plain",
      "docker build --provenance=false --sbom=false --cache-to type=inline --cache-from options:1 --iidfile out/id -t options:2 plain",
    ].join("; "),
  },
  {
    builds: "several times, with a change between",
    line: [
      "docker build -t plain:1 plain",
      "docker build -t stages:1 stages",
      "echo later > plain/app.txt",
      "docker build -t plain:2 plain",
      "docker run --rm plain:2 cat app.txt",
      "docker build -t failing:1 failing",
      "docker build --output type=local,dest=out/tree tree",
      "docker build --secret id=tok,src=secret/tok.txt -t secret:1 secret",
      "(cd bake && docker buildx bake)",
      "docker images --format '{{.Repository}}:{{.Tag}}' | sort",
    ].join("; "),
  },
  {
    builds: "three at once",
    line: "docker build -t plain:3 plain & docker build -t stages:3 stages & docker build --output type=local,dest=out/tree tree & wait",
  },
];

/** Where CLI 20.10 builds at Engine 28, BuildKit has the steps of the rows before in its cache, and asks for no secret. */
const WITHOUT_SECRETS: typeof COMMON = COMMON.filter(({ isGuarded }) => isGuarded !== true);

export const BUILD_ROWS: readonly BuildRow[] = [
  ...[...COMMON, ...NEWER].map((row): BuildRow => ({ client: "CLI 28.5", engine: "28", ...row })),
  ...COMMON.map((row): BuildRow => ({ client: "CLI 20.10", engine: "20.10", ...row })),
  ...WITHOUT_SECRETS.map((row): BuildRow => ({ client: "CLI 20.10", engine: "28", ...row })),
];
