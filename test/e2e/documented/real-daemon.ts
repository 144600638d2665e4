/** The stage of the table (test/mock/documented/simulated-daemon.ts), set up in a real daemon by what a client can ask of it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerLiteral, ImageLiteral, StateLiteral } from "../../../src/mock/daemon/fixtures/state-literal.ts";
import { findFieldValue } from "../../../src/wire/http/head.ts";
import type { DaemonUnderTest, RequestOptions } from "../../mock/documented/play-case.ts";
import type { TestResponse } from "../../playbook/mocked.ts";
import { packTar } from "../../playbook/tarred.ts";
import { sendRequest } from "../agreement/send-request.ts";

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

export class RealDaemon implements DaemonUnderTest {
  readonly #socketPath: string;
  readonly #initialState: StateLiteral;
  /** A request has changed the daemon since the last reset. */
  #isChanged = true;

  constructor(socketPath: string, scene: StateLiteral) {
    this.#socketPath = socketPath;
    this.#initialState = scene;
  }

  async request(
    line: string,
    { body, headers, sendsAfterHead: sends, listensMs: hears }: RequestOptions,
  ): Promise<TestResponse> {
    const [method = "", target = ""] = line.split(" ");
    const answer = await sendRequest(this.#socketPath, target, {
      about: "",
      ask: method,
      body,
      ...(isEndless(line) ? { hears: Math.max(hears ?? 0, LISTENING_MS), hasBody: true } : { hears: PATIENCE_MS }),
      ...(sends === undefined ? {} : { says: sends }),
      ...(headers === undefined ? {} : { headers }),
    });
    if (answer.head.status < 400 && method !== "GET" && method !== "HEAD") this.#isChanged = true;
    return toTestResponse(answer);
  }

  /** Restores the initial state, and adds more. */
  async reset(more: StateLiteral = {}): Promise<void> {
    const isMore = Object.keys(more).length > 0;
    if (!isMore && !this.#isChanged) return;
    await this.#clear();
    await this.#fill(more);
    this.#isChanged = isMore;
  }

  async #fill({ images = [], networks = [], containers = [] }: StateLiteral): Promise<void> {
    const unknown = containers
      .map(({ image }) => ({ name: image }))
      .filter(({ name }) => !IMAGES.has(`${name}:latest`));
    for (const image of [...images, ...unknown]) await this.#build(image as ImageLiteral);
    for (const network of [...(this.#initialState.networks ?? []), ...networks]) await this.#connect(network);
    for (const name of this.#initialState.volumes ?? [])
      await this.#requestOrThrow("POST", "/volumes/create", { Name: name });
    for (const container of [...(this.#initialState.containers ?? []), ...containers]) await this.#place(container);
  }

  /** Removes what earlier cases left. */
  async #clear(): Promise<void> {
    for (const { Names } of await this.#list<{ Names: string[] }>("/containers/json?all=1")) {
      await this.request(`DELETE ${API}/containers${Names[0]}?force=1&v=1`, {});
    }
    await this.request(`POST ${API}/networks/prune`, {});
    await this.request(`POST ${API}/volumes/prune`, {});
    for (const { Id, RepoTags } of await this.#list<{ Id: string; RepoTags: string[] | null }>("/images/json")) {
      const names = RepoTags === null || RepoTags.includes("<none>:<none>") ? [Id] : RepoTags;
      for (const name of names) if (!IMAGES.has(name)) await this.request(`DELETE ${API}/images/${name}?force=1`, {});
    }
    if (!(await this.#has("/images/busybox/json"))) throw new Error("busybox is gone");
    if (!(await this.#has("/images/hello-world/json"))) await this.#build({ name: "hello-world" });
  }

  async #has(path: string): Promise<boolean> {
    return (await this.request(`GET ${API}${path}`, {})).status === 200;
  }

  async #list<T>(path: string): Promise<readonly T[]> {
    return (await this.request(`GET ${API}${path}`, {})).json as T[];
  }

  async #build({ name, labels = {}, files = {} }: ImageLiteral): Promise<void> {
    const added = Object.keys(files).map((path) => `COPY ${path.slice(1)} ${path}\n`);
    const labelled = Object.entries({ made: name, ...labels }).map(([key, value]) => `LABEL ${key}=${value}\n`);
    const context = Object.entries(files).map(([path, content]) => [path.slice(1), content as string] as const);
    const Dockerfile = ["FROM busybox\n", ...added, ...labelled].join("");
    await this.#requestOrThrow("POST", `/build?t=${name}`, packTar({ Dockerfile, ...Object.fromEntries(context) }));
  }

  async #connect(network: NonNullable<StateLiteral["networks"]>[number]): Promise<void> {
    const { name: Name, subnet } = typeof network === "string" ? { name: network, subnet: undefined } : network;
    const IPAM = subnet === undefined ? undefined : { Config: [{ Subnet: subnet }] };
    await this.#requestOrThrow("POST", "/networks/create", { Name, IPAM });
  }

  async #place(literal: ContainerLiteral): Promise<void> {
    const { name, state = "running", files = {} } = literal;
    await this.#requestOrThrow("POST", `/containers/create?name=${name}`, toCreateBody(literal));
    for (const [path, content] of Object.entries(files)) {
      await this.#requestOrThrow(
        "PUT",
        `/containers/${name}/archive?path=/`,
        packTar({ [path.slice(1)]: content as string }),
      );
    }
    if (state === "created") return;
    await this.#requestOrThrow("POST", `/containers/${name}/start`);
    if (state === "exited") await this.#requestOrThrow("POST", `/containers/${name}/wait`);
    else await sleep(BEGINNING_MS);
  }

  async #requestOrThrow(method: string, path: string, body?: unknown): Promise<void> {
    const { status, text } = await this.request(`${method} ${API}${path}`, { body });
    if (status >= 400) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
  }
}

function isEndless(line: string): boolean {
  return /\/stats$|\/events\?since=|follow=1/.test(line);
}

function toTestResponse({ head, body }: Awaited<ReturnType<typeof sendRequest>>): TestResponse {
  const text = body.toString("latin1");
  const isJson = findFieldValue(head.fields, "Content-Type") === "application/json";
  return { status: head.status, head, text, json: isJson ? parseJson(text) : undefined };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toCreateBody(literal: ContainerLiteral): object {
  const { image, command, tty = false, labels, ports = [], volumes } = literal;
  const bindings = ports.map((port) => {
    const [host, own] = String(port).split(":");
    return [`${own}/tcp`, [{ HostPort: host }]] as const;
  });
  return {
    Image: image,
    Cmd: typeof command === "string" ? ["sh", "-c", command] : (command ?? ["sh", "-c", toScript(literal)]),
    Labels: labels,
    Tty: tty,
    OpenStdin: tty,
    ExposedPorts: Object.fromEntries(bindings.map(([port]) => [port, {}])),
    HostConfig: { Binds: volumes, PortBindings: Object.fromEntries(bindings) },
  };
}

/** Prints the container's past output, then exits or waits. */
function toScript({ state, exitCode = 0, logs = [] }: ContainerLiteral): string {
  const prints = logs.map((line) => (typeof line === "string" ? `echo ${line}` : `echo ${line.stderr} >&2`));
  return [...prints, state === "exited" ? `exit ${exitCode}` : IDLE].join("; ");
}
