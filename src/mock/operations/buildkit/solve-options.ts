/** The options of a build, from the frontend's attributes (buildkit frontend/dockerui/config.go). */
import { findDirective } from "../dockerfile/directive.ts";
import { SolveError } from "./solve-error.ts";

/** Text by name, as maps of protobuf decode. */
export type AttributeMap = Readonly<Record<string, string>>;

/** What the result of a build becomes. */
export interface SolveExporter {
  /** `moby`, `image`, `local`, `tar`; empty for none: then the build fills the cache. */
  readonly type: string;
  readonly attributes: AttributeMap;
}

export interface SolveOptions {
  /** The session that called. */
  readonly session: string;
  /** The sessions that have the folders. */
  readonly contextSession: string;
  readonly dockerfileSession: string;
  readonly filename: string;
  readonly target: string;
  /** Whether a stage takes steps from the cache. Its name is empty where it has none. */
  readonly usesCache: (stage: string) => boolean;
  /** Asks registries for newer base images. */
  readonly pulls: boolean;
  readonly args: AttributeMap;
  readonly labels: AttributeMap;
  readonly networkMode: string;
  /** `name=address`. */
  readonly extraHosts: readonly string[];
  /** Checks the Dockerfile, and builds nothing. */
  readonly isCheck: boolean;
  /** Where a context comes from that is no folder of the client: `http://buildkit-session/<id>`. */
  readonly contextUrl: URL | undefined;
  /** Images that stand for names in the Dockerfile: `--build-context base=docker-image://busybox`. */
  readonly namedImages: AttributeMap;
  /** Folders of the client that stand for names: `--build-context src=../src`. */
  readonly namedFolders: AttributeMap;
  readonly exporter: SolveExporter;
  /** Of the build's session exporter; undefined for older clients, which have one. */
  readonly exporterId: string | undefined;
}

const FRONTEND = "dockerfile.v0";
const PLATFORM = "linux/amd64";
const IMAGE = "docker-image://";
const FOLDER = "local:";
const LINT = "frontend.lint";
const MORE_EXPORTERS: ReadonlySet<string> = new Set(["oci", "docker"]);
const EXPORTERS: ReadonlySet<string> = new Set(["", "moby", "image", "local", "tar"]);

/** @throws SolveError for what the simulation has not */
export function readSolveOptions(
  attributes: AttributeMap,
  { session, exporter, exporterId }: Pick<SolveOptions, "session" | "exporter" | "exporterId">,
): SolveOptions {
  checkAttributes(attributes);
  checkExporter(exporter.type);
  return {
    session,
    exporter,
    exporterId,
    contextSession: attributes["local-sessionid:context"] ?? session,
    dockerfileSession: attributes["local-sessionid:dockerfile"] ?? session,
    filename: attributes.filename || "Dockerfile",
    target: attributes.target ?? "",
    usesCache: selectCache(attributes["no-cache"]),
    pulls: attributes["image-resolve-mode"] === "pull",
    args: selectByPrefix(attributes, "build-arg:"),
    labels: selectByPrefix(attributes, "label:"),
    networkMode: attributes["force-network-mode"] ?? "default",
    extraHosts: (attributes["add-hosts"] ?? "").split(",").filter((pair) => pair !== ""),
    isCheck: attributes.requestid === LINT,
    contextUrl: parseContextUrl(attributes.context),
    namedImages: selectContexts(attributes, IMAGE),
    namedFolders: selectContexts(attributes, FOLDER),
  };
}

/** @throws SolveError for a frontend that is not built in */
export function checkFrontend(frontend: string, attributes: AttributeMap): void {
  if (frontend === FRONTEND) return;
  const what = frontend === "gateway.v0" ? `the frontend ${attributes.source ?? ""}` : `the frontend ${frontend}`;
  throw createUnsupportedError(what, "Docker's own Dockerfile frontend");
}

/** `# syntax=docker/dockerfile:1` names the built-in frontend. @throws SolveError for another one */
export function checkSyntax(dockerfile: string, { BUILDKIT_SYNTAX }: AttributeMap): void {
  const image = BUILDKIT_SYNTAX ?? findDirective(dockerfile, "syntax")?.split(/\s/)[0] ?? "";
  if (image === "" || /^(?:docker\.io\/)?docker\/dockerfile(?::[\w.-]+)?(?:@.*)?$/.test(image)) return;
  throw createUnsupportedError(`the frontend ${image}`, "Docker's own Dockerfile frontend");
}

/** @throws SolveError for an output that the simulation, or BuildKit, has not */
function checkExporter(type: string): void {
  if (EXPORTERS.has(type)) return;
  if (!MORE_EXPORTERS.has(type)) throw new SolveError(`exporter ${JSON.stringify(type)} could not be found`);
  throw createUnsupportedError(`the output type=${type}`, "image, local or tar");
}

function checkAttributes(attributes: AttributeMap): void {
  const { platform = PLATFORM, requestid } = attributes;
  if (platform !== PLATFORM) throw createUnsupportedError(`the platform ${platform}`, PLATFORM);
  if (requestid !== undefined && requestid !== LINT)
    throw createUnsupportedError(`the subrequest ${requestid}`, `builds and ${LINT}`);
}

function parseContextUrl(context: string | undefined): URL | undefined {
  if (context === undefined) return undefined;
  if (/^http:\/\/(?:buildkit-session|upload-request)\//.test(context)) return new URL(context);
  throw createUnsupportedError(`the build context ${context}`, "folders and tars of the client, no git and no web");
}

/** `--no-cache` is an empty text, `--no-cache-filter` has names of stages. */
function selectCache(text: string | undefined): SolveOptions["usesCache"] {
  if (text === undefined) return () => true;
  const stages = text.split(",").map((name) => name.toLowerCase());
  return text === "" ? () => false : (stage) => !stages.includes(stage);
}

function selectContexts(attributes: AttributeMap, prefix: string): AttributeMap {
  const named = Object.entries(selectByPrefix(attributes, "context:"));
  const unknown = named.find(([, value]) => !value.startsWith(IMAGE) && !value.startsWith(FOLDER));
  if (unknown !== undefined)
    throw createUnsupportedError(
      `the build context ${unknown.join("=")}`,
      `images (${IMAGE}...) and folders of the client`,
    );
  const own = named.filter(([, value]) => value.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name, value.slice(prefix.length)]));
}

function selectByPrefix(attributes: AttributeMap, prefix: string): AttributeMap {
  const own = Object.entries(attributes).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

export function createUnsupportedError(what: string, supported: string): SolveError {
  return new SolveError(`whalesong's mock does not build with ${what}: it has ${supported}`);
}
