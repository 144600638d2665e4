/** The clients that conversations are recorded of: what they are started with, and where. */
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** @typedef {import("./conversations.js").Conversation} Conversation */
/** @typedef {Awaited<ReturnType<typeof import("./private-daemon.js").startPrivateDaemon>>} PrivateDaemon */

const CLIENTS = fileURLToPath(new URL("clients", import.meta.url));
/** Where each conversation finds its files: compose writes the path of its folder into labels. */
const STAGE = "/srv";

/** The engine's own CLI, with its plugins, against the engine. */
export class RecordedClients {
  /**
   * @param {Conversation["engine"]} engine
   * @param {PrivateDaemon} daemon
   * @param {string} folder that holds what the clients leave
   */
  constructor(engine, daemon, folder) {
    this.daemon = daemon;
    this.folder = folder;
    this.config = join(folder, `.docker-${engine}`);
    mkdirSync(this.config);
    if (daemon.plugins !== undefined) symlinkSync(daemon.plugins, join(this.config, "cli-plugins"));
    // CLI 20.10 has no buildx at hand.
    this.builder = engine === "28" ? "1" : "0";
  }

  /** The daemon's mirror of docker.io: `docker pull greeting` finds it there. */
  fillRegistry() {
    for (const image of ["busybox", "greeting"]) {
      const there = `${this.daemon.registry}/library/${image}`;
      this.run(this.folder, [
        "sh",
        "-ec",
        `docker tag ${image} ${there}; docker push -q ${there}; docker rmi ${there}`,
      ]);
    }
  }

  /**
   * @param {string} home
   * @param {readonly string[]} words
   * @throws if it does not end with 0
   */
  run(home, words) {
    const { status, stdout, stderr } = this.spawn(home, words);
    if (status !== 0) throw new Error(`\`${words.join(" ")}\` ended with ${status}\n${stdout}${stderr}`);
  }

  /**
   * In a mount namespace of its own, where `home` is STAGE.
   * @param {string} home
   * @param {readonly string[]} words
   */
  spawn(home, words) {
    const stage = 'mount --bind "$1" "$2"; cd "$2"; shift 2; exec "$@"';
    return spawnSync("unshare", ["--mount", "sh", "-ec", stage, "sh", home, STAGE, ...words], {
      cwd: home,
      encoding: "utf8",
      env: this.#environment(),
    });
  }

  /** Only these variables: clients send more about their environment to a daemon than one expects. */
  #environment() {
    return {
      PATH: [dirname(this.daemon.docker), dirname(process.execPath), process.env.PATH].join(delimiter),
      DOCKER_HOST: this.daemon.url,
      DOCKER_CONFIG: this.config,
      DOCKER_BUILDKIT: this.builder,
      BUILDKIT_PROGRESS: "plain",
      COMPOSE_PROGRESS: "plain",
      // compose reads the provenance of what it has built, ten pages of it, and does nothing with it.
      BUILDX_METADATA_PROVENANCE: "disabled",
      CLIENTS,
      HOME: this.folder,
      LC_ALL: "C.UTF-8",
      TERM: "xterm",
    };
  }
}
