/** The stage of the table (test/mock/documented/stage.ts), set up in a real daemon by what a client can ask of it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerLiteral, ImageLiteral, StateLiteral } from "../../../src/mock/daemon/fixtures/state-literal.ts";
import { fieldValue } from "../../../src/wire/head.ts";
import type { Sending, Stage } from "../../mock/documented/play.ts";
import type { Heard } from "../../playbook/mocked.ts";
import { tarred } from "../../playbook/tarred.ts";
import { ask } from "../agreement/ask.ts";

const API = "/v1.41";
/** Those that are there from the start. */
const IMAGES: ReadonlySet<string> = new Set(["busybox:latest", "hello-world:latest"]);
/** Waits until it is told to stop, and then stops at once. */
const IDLE = "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done";
/** How long a shell may take to come to its trap, in milliseconds; and an answer without an end to come, and others. */
const BEGINNING_MS = 400;
const LISTENING_MS = 1500;
/** dockerd looks for a driver that is not there for 15 seconds. */
const PATIENCE_MS = 60_000;

export class RealStage implements Stage {
  readonly #socketPath: string;
  readonly #scene: StateLiteral;
  /** Somebody has done something since the stage was set. */
  #isTouched = true;

  constructor(socketPath: string, scene: StateLiteral) {
    this.#socketPath = socketPath;
    this.#scene = scene;
  }

  async asks(line: string, { body, headers, sends, hears }: Sending): Promise<Heard> {
    const [method = "", target = ""] = line.split(" ");
    const answer = await ask(this.#socketPath, target, {
      about: "",
      ask: method,
      body,
      hears: isEndless(line) ? Math.max(hears ?? 0, LISTENING_MS) : PATIENCE_MS,
      ...(sends === undefined ? {} : { says: sends }),
      ...(headers === undefined ? {} : { headers }),
    });
    if (answer.head.status < 400 && method !== "GET" && method !== "HEAD") this.#isTouched = true;
    return heardFrom(answer);
  }

  /** As in the beginning, and with more. */
  async set(more: StateLiteral = {}): Promise<void> {
    const isMore = Object.keys(more).length > 0;
    if (!isMore && !this.#isTouched) return;
    await this.#clear();
    await this.#fill(more);
    this.#isTouched = isMore;
  }

  async #fill({ images = [], networks = [], containers = [] }: StateLiteral): Promise<void> {
    const unknown = containers
      .map(({ image }) => ({ name: image }))
      .filter(({ name }) => !IMAGES.has(`${name}:latest`));
    for (const image of [...images, ...unknown]) await this.#build(image as ImageLiteral);
    for (const network of [...(this.#scene.networks ?? []), ...networks]) await this.#connect(network);
    for (const name of this.#scene.volumes ?? []) await this.#done("POST", "/volumes/create", { Name: name });
    for (const container of [...(this.#scene.containers ?? []), ...containers]) await this.#place(container);
  }

  /** What a case has left behind goes. */
  async #clear(): Promise<void> {
    for (const { Names } of await this.#list<{ Names: string[] }>("/containers/json?all=1")) {
      await this.asks(`DELETE ${API}/containers${Names[0]}?force=1&v=1`, {});
    }
    await this.asks(`POST ${API}/networks/prune`, {});
    await this.asks(`POST ${API}/volumes/prune`, {});
    for (const { Id, RepoTags } of await this.#list<{ Id: string; RepoTags: string[] | null }>("/images/json")) {
      const names = RepoTags === null || RepoTags.includes("<none>:<none>") ? [Id] : RepoTags;
      for (const name of names) if (!IMAGES.has(name)) await this.asks(`DELETE ${API}/images/${name}?force=1`, {});
    }
    if (!(await this.#has("/images/busybox/json"))) throw new Error("busybox is gone");
    if (!(await this.#has("/images/hello-world/json"))) await this.#build({ name: "hello-world" });
  }

  async #has(path: string): Promise<boolean> {
    return (await this.asks(`GET ${API}${path}`, {})).status === 200;
  }

  async #list<T>(path: string): Promise<readonly T[]> {
    return (await this.asks(`GET ${API}${path}`, {})).json as T[];
  }

  async #build({ name, labels = {}, files = {} }: ImageLiteral): Promise<void> {
    const added = Object.keys(files).map((path) => `COPY ${path.slice(1)} ${path}\n`);
    const labelled = Object.entries({ made: name, ...labels }).map(([key, value]) => `LABEL ${key}=${value}\n`);
    const context = Object.entries(files).map(([path, content]) => [path.slice(1), content as string] as const);
    const Dockerfile = ["FROM busybox\n", ...added, ...labelled].join("");
    await this.#done("POST", `/build?t=${name}`, tarred({ Dockerfile, ...Object.fromEntries(context) }));
  }

  async #connect(network: NonNullable<StateLiteral["networks"]>[number]): Promise<void> {
    const { name: Name, subnet } = typeof network === "string" ? { name: network, subnet: undefined } : network;
    const IPAM = subnet === undefined ? undefined : { Config: [{ Subnet: subnet }] };
    await this.#done("POST", "/networks/create", { Name, IPAM });
  }

  async #place(literal: ContainerLiteral): Promise<void> {
    const { name, state = "running", files = {} } = literal;
    await this.#done("POST", `/containers/create?name=${name}`, configOf(literal));
    for (const [path, content] of Object.entries(files)) {
      await this.#done("PUT", `/containers/${name}/archive?path=/`, tarred({ [path.slice(1)]: content as string }));
    }
    if (state === "created") return;
    await this.#done("POST", `/containers/${name}/start`);
    if (state === "exited") await this.#done("POST", `/containers/${name}/wait`);
    else await sleep(BEGINNING_MS);
  }

  async #done(method: string, path: string, body?: unknown): Promise<void> {
    const { status, text } = await this.asks(`${method} ${API}${path}`, { body });
    if (status >= 400) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
  }
}

function isEndless(line: string): boolean {
  return /\/stats$|\/events\?since=|follow=1/.test(line);
}

function heardFrom({ head, body }: Awaited<ReturnType<typeof ask>>): Heard {
  const text = body.toString("latin1");
  const isJson = fieldValue(head.fields, "Content-Type") === "application/json";
  return { status: head.status, head, text, json: isJson ? parsed(text) : undefined };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function configOf(literal: ContainerLiteral): object {
  const { image, command, tty = false, labels, ports = [], volumes } = literal;
  const bindings = ports.map((port) => {
    const [host, own] = String(port).split(":");
    return [`${own}/tcp`, [{ HostPort: host }]] as const;
  });
  return {
    Image: image,
    Cmd: typeof command === "string" ? ["sh", "-c", command] : (command ?? ["sh", "-c", scriptOf(literal)]),
    Labels: labels,
    Tty: tty,
    OpenStdin: tty,
    ExposedPorts: Object.fromEntries(bindings.map(([port]) => [port, {}])),
    HostConfig: { Binds: volumes, PortBindings: Object.fromEntries(bindings) },
  };
}

/** Says what it is to have said, and ends or waits. */
function scriptOf({ state, exitCode = 0, logs = [] }: ContainerLiteral): string {
  const said = logs.map((line) => (typeof line === "string" ? `echo ${line}` : `echo ${line.stderr} >&2`));
  return [...said, state === "exited" ? `exit ${exitCode}` : IDLE].join("; ");
}
