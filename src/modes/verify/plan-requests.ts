/** Which requests of a recording are sent to a live daemon, which are not and why, and what they would change there. */
import type { CassetteEntry, CassetteWalk } from "../../cassette/read.ts";
import { type ExchangeRole, isWindowChange, toRole } from "../../match/resources.ts";
import { type Operation, parseOperation } from "../../wire/operations/operation.ts";

export interface PlannedRequest {
  readonly entry: CassetteEntry;
  readonly role: ExchangeRole;
  /** Why it is not sent; undefined if it is. */
  readonly skippedBecause?: string;
}

export interface VerifyPolicy {
  /** Changes are sent, too. */
  readonly allowsChanges: boolean;
  /** Things that the recording did not make may be changed. */
  readonly touchesExisting: boolean;
}

export interface VerifyPlan {
  readonly requests: readonly PlannedRequest[];
  /** Names that the recording gives to what it makes. */
  readonly madeNames: ReadonlySet<string>;
}

/** They take what others have made. */
const SWEEPING = /Prune$|^(?:Swarm|Node|Service|Task|Secret|Config|Plugin|GetPlugin)/;
const MAKING = /^(?:ContainerCreate|NetworkCreate|VolumeCreate|ImageBuild|ImageCommit|ImageTag|ImageCreate|ImageLoad)$/;

export function planRequests(cassette: CassetteWalk, policy: VerifyPolicy): VerifyPlan {
  const [made, unmade] = [new MadeThings(), new MadeThings()];
  const requests = Array.from(cassette.entries, (entry): PlannedRequest => {
    const operation = parseOperation(entry.method, entry.target);
    const role = toRole(entry.method, operation);
    const skippedBecause = explainSkip(entry, { operation, role, made, unmade, policy });
    (skippedBecause === undefined ? made : unmade).learn(entry, operation);
    return { entry, role, ...(skippedBecause === undefined ? {} : { skippedBecause }) };
  });
  return { requests, madeNames: made.names };
}

interface SkipFacts {
  readonly operation: Operation;
  readonly role: ExchangeRole;
  readonly made: MadeThings;
  /** What skipped requests would have made. */
  readonly unmade: MadeThings;
  readonly policy: VerifyPolicy;
}

function explainSkip(entry: CassetteEntry, { operation, role, made, unmade, policy }: SkipFacts): string | undefined {
  const { request, response, build, call, stream = [] } = entry.readExchange();
  if (build !== undefined || call !== undefined || operation.name === "Session")
    return "a build by BuildKit needs its client, which has the files: not verified";
  if (isWindowChange(operation)) return "it is the size of a window";
  if (stream.some(({ kind }) => kind === "ws")) return "a websocket is played by nothing here: not verified";
  if (Buffer.isBuffer(request.body) && request.body.includes("<redacted>")) return "it needs a secret";
  if (request.isPartial === true || response === undefined || response.isLeft === true) return "it was not completed";
  if (unmade.isNamedIn(operation, parseBody(request.body))) return "it needs what was not made";
  if (!policy.allowsChanges) {
    return role === "change" || !/^(?:GET|HEAD)$/.test(entry.method) ? "it changes something" : undefined;
  }
  if (role !== "change" || policy.touchesExisting) return undefined;
  if (SWEEPING.test(operation.name)) return "it changes what others have made";
  return made.isNamedIn(operation) || MAKING.test(operation.name)
    ? undefined
    : "it changes what the recording did not make";
}

/** What a recording has made up to a request: by name, and by id. */
class MadeThings {
  readonly names = new Set<string>();
  readonly #ids = new Set<string>();

  learn(entry: CassetteEntry, operation: Operation): void {
    const { request, response } = entry.readExchange();
    for (const name of listBuiltNames(entry)) this.names.add(name);
    if (response === undefined || response.status >= 300) return;
    for (const name of listMadeNames(operation, parseBody(request.body))) this.names.add(stripTag(name));
    const { Id } = parseBody(response.body);
    if (typeof Id === "string" && entry.method === "POST") this.#ids.add(Id);
  }

  /** @param json the body of the request, which may name an image */
  isNamedIn({ path, query, params }: Operation, { Image }: Readonly<Record<string, unknown>> = {}): boolean {
    const names = [path.split("/")[2] ?? "", params.id ?? "", params.name ?? "", ...query.map(([, value]) => value)];
    const words = typeof Image === "string" ? [...names, Image] : names;
    return words.some((word) => this.names.has(stripTag(word)) || this.#isId(word));
  }

  #isId(word: string): boolean {
    return /^[0-9a-f]{12,64}$/.test(word) && [...this.#ids].some((id) => id.startsWith(word));
  }
}

function stripTag(name: string): string {
  return name.replace(/:[\w.-]+$/, "");
}

/** The names that a request gives: to a container, a network, a volume, an image. */
function listMadeNames({ name, query }: Operation, json: Readonly<Record<string, unknown>>): readonly string[] {
  const find = (...keys: string[]): string[] => query.flatMap(([key, value]) => (keys.includes(key) ? [value] : []));
  if (name === "ContainerCreate" || name === "ContainerRename") return find("name");
  if (name === "NetworkCreate" || name === "VolumeCreate") return typeof json.Name === "string" ? [json.Name] : [];
  if (name === "ImageBuild") return find("t");
  return name === "ImageTag" || name === "ImageCommit" ? find("repo") : [];
}

/** The names of images that a build by BuildKit exports. */
function listBuiltNames(entry: CassetteEntry): readonly string[] {
  const { build = [] } = entry.readExchange();
  const text = JSON.stringify(build.map((event) => (event.kind === "answer" ? event.message : undefined)));
  const names = [...text.matchAll(/"image\.name":"([^"]+)"/g)].flatMap(([, list = ""]) => list.split(","));
  return names.map((name) => stripTag(name.replace(/^docker\.io\/(?:library\/)?/, "")));
}

function parseBody(body: unknown): Readonly<Record<string, unknown>> {
  if (!Buffer.isBuffer(body)) return {};
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
