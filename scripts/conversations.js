/**
 * What is recorded into cassettes/: one conversation each, small enough to be read. `about` becomes the comment above
 * the cassette's header; `setup` runs before the recording, `when` is recorded. Both are shell, with the docker CLI, in
 * a folder that holds nothing but `files`; the Node programs of scripts/clients are in $CLIENTS. Containers are `web`, images are `busybox` and `greeting`: nothing in a
 * conversation may tell of the machine it was recorded on.
 */

/**
 * @typedef {object} Conversation
 * @property {string} name
 * @property {"20.10" | "28"} engine that it is recorded from, with the clients of its day
 * @property {string} about
 * @property {string} [setup]
 * @property {string} when
 * @property {Readonly<Record<string, string>>} [files]
 */

const GREETING = { "greeting.txt": "hello from a file\n" };
const DOCKERFILE = 'FROM busybox\nCOPY greeting.txt /\nRUN cat greeting.txt\nCMD ["cat", "greeting.txt"]\n';
const BAKE_FILE = `group "default" { targets = ["one", "two"] }
target "one" {
  args = { NAME = "one" }
  tags = ["greeting:one"]
}
target "two" {
  args = { NAME = "two" }
  tags = ["greeting:two"]
}
`;
/** A container that does nothing until it gets a signal, and then ends at once. */
const IDLE = "docker run -d --name web busybox sh -c 'trap exit TERM; while :; do sleep 0.1; done'";

/** @type {readonly Conversation[]} */
export const CONVERSATIONS = [
  {
    name: "ping",
    engine: "20.10",
    about: "The smallest conversation: is anybody there? Asked both ways, as clients do.",
    when: "node $CLIENTS/ping.js",
  },
  {
    name: "run-hello",
    engine: "28",
    about:
      "docker run --rm: create, attach, wait, start. The attach is silent until start; wait answers at once and ends last.",
    when: "docker run --rm --name web busybox echo hello",
  },
  {
    name: "run-cat",
    engine: "20.10",
    about:
      "docker run -i: stdin goes in, stdout comes out, and the client closes its half while the daemon still speaks.",
    when: "printf 'hello\\ntwo\\nlines\\n' | docker run -i --name web busybox sh -c 'cat; echo bye >&2; exit 3' || docker rm web",
  },
  {
    name: "exec-tty",
    engine: "28",
    about: "docker exec -it: a shell on a terminal, raw bytes both ways, and a change of its size in mid-stream.",
    setup: IDLE,
    when: `{ sleep 0.5; printf 'echo hello\\n'; sleep 0.3; printf 'exit 4\\n'; sleep 0.5; } |
      script -qec 'stty rows 24 cols 80; docker exec -it web sh' /dev/null`,
  },
  {
    name: "terminals",
    engine: "20.10",
    about:
      "docker run -it on one terminal, docker exec -it on another, and docker events, which sees both. scripts/stress.js replays this.",
    when: `docker events --filter container=web --format '{{.Action}}' & events=$!
      sleep 0.5
      { sleep 1; printf 'echo hello\\n'; sleep 2.5; printf 'exit 3\\n'; sleep 0.5; } |
        script -qec 'stty rows 24 cols 80; docker run -it --name web busybox sh' /dev/null & run=$!
      sleep 2; { sleep 0.5; printf 'echo inside\\n'; sleep 0.3; printf 'exit 4\\n'; sleep 0.5; } |
        script -qec 'stty rows 24 cols 80; docker exec -it web sh' /dev/null
      wait $run; docker rm web; sleep 0.3; kill -INT $events; wait $events`,
  },
  {
    name: "logs-follow",
    engine: "28",
    about: "docker logs -f of a container that is still speaking, on both streams, until it ends.",
    setup: "docker create --name web busybox sh -c 'for n in 1 2 3; do echo line $n; sleep 0.2; done; ls /the/end'",
    when: "docker start web; docker logs -f web; docker logs --tail 2 web; docker rm web",
  },
  {
    name: "events",
    engine: "20.10",
    about: "docker events, while a container lives and dies; then the listener hangs up.",
    when: `docker events --filter type=container --format '{{.Action}}' & events=$!
      sleep 0.5; docker run --name web busybox true; docker rm web; sleep 0.3; kill -INT $events; wait $events`,
  },
  {
    name: "pull",
    engine: "28",
    about:
      "docker pull: progress as a stream of JSON messages; once more, when there is nothing to do; and of what does not exist.",
    setup: "docker rmi greeting busybox",
    when: "docker pull greeting; docker pull -q greeting; docker pull 127.0.0.1:5000/library/greeting:none",
  },
  {
    name: "build",
    engine: "20.10",
    about: "docker build with the classic builder: the context goes in as a tar, progress comes out line by line.",
    files: { ...GREETING, Dockerfile: DOCKERFILE },
    when: "docker build -t greeting:dev .; docker run --rm --name web greeting:dev; docker rmi greeting:dev",
  },
  {
    name: "build-buildkit",
    engine: "28",
    about:
      "docker build with BuildKit: the daemon fetches the files it needs over the client's session, and tells of each step.",
    files: { ...GREETING, Dockerfile: DOCKERFILE },
    when: "docker build -t greeting:dev .",
  },
  {
    name: "build-failing",
    engine: "28",
    about:
      "A build by BuildKit whose last step fails: its log, and the line of the Dockerfile that the client points at.",
    files: { Dockerfile: "FROM busybox\nRUN echo hello; exit 7\n" },
    when: "docker build -t greeting:dev .",
  },
  {
    name: "bake",
    engine: "28",
    about: "docker buildx bake: two builds at once, which share a session and the steps that they have in common.",
    files: {
      ...GREETING,
      Dockerfile: "FROM busybox\nARG NAME\nCOPY greeting.txt /\nRUN echo $NAME >> greeting.txt\n",
      "docker-bake.hcl": BAKE_FILE,
    },
    when: "docker buildx bake",
  },
  {
    name: "compose-up-build",
    engine: "28",
    about:
      "docker compose up --build: BuildKit builds the image, then a network and a container are made, and go again.",
    files: { ...GREETING, Dockerfile: DOCKERFILE, "compose.yaml": "name: shop\nservices:\n  web: {build: .}\n" },
    when: "docker compose up -d --build; docker compose down",
  },
  {
    name: "save-load",
    engine: "28",
    about: "docker save and load: an image leaves as a tar, is deleted, and comes back.",
    when: "docker save -o note.tar note; docker rmi note; docker load -i note.tar; docker history -q note",
  },
  {
    name: "cp",
    engine: "20.10",
    about: "docker cp, both ways: tars in, tars out, and what a path is in a header.",
    files: GREETING,
    setup: "docker create --name web busybox",
    when: `docker cp greeting.txt web:/tmp/; docker cp web:/tmp/greeting.txt back.txt; cat back.txt
      docker cp web:/tmp/none back.txt; docker diff web; docker rm web`,
  },
  {
    name: "errors",
    engine: "20.10",
    about:
      "How the daemon says no: 304, 400, 404, 409, in JSON, in plain text to old clients, past HTTP, and in mid-stream.",
    setup: IDLE,
    when: `docker container inspect nobody; docker start nobody; docker start web; docker rm web; docker rmi busybox
      docker exec web nothing-like-it; node $CLIENTS/bad-requests.js; docker rm -f web lost`,
  },
  {
    name: "stats",
    engine: "28",
    about: "docker stats --no-stream, and the first samples of a stream that never ends by itself.",
    setup: IDLE.replace("--name web", "--name web --memory 64m"),
    when: "docker stats --no-stream web --format '{{.Name}} {{.MemUsage}}'; node $CLIENTS/first-stats.js; docker rm -f web",
  },
  {
    name: "wait-and-kill",
    engine: "28",
    about: "docker wait hangs in the air until another connection kills the container.",
    setup: IDLE,
    when: "docker wait web & sleep 0.5; docker pause web; docker unpause web; docker kill web; wait; docker rm web",
  },
  {
    name: "attach-websocket",
    engine: "20.10",
    about: "attach/ws: the same container as a websocket, with the ws package.",
    setup: "docker create -i --name web busybox sh -c 'for n in 1 2; do read line; echo $line; done'",
    when: "docker start web; node $CLIENTS/websocket.js; docker rm web",
  },
  {
    name: "dockerode-run",
    engine: "20.10",
    about:
      "A Node program with dockerode: pull, create, attach, talk, wait, logs, list, remove. The demo replays this.",
    setup: "docker rmi busybox greeting",
    when: "node $CLIENTS/dockerode.js run",
  },
  {
    name: "dockerode-plain",
    engine: "20.10",
    about: "attach and exec without Upgrade: answered `200 OK`, and raw from there on.",
    when: "node $CLIENTS/dockerode.js plain",
  },
];
