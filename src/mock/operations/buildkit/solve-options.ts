/** The options of a build, from the frontend's attributes (buildkit frontend/dockerui/config.go). */
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
  readonly usesCache: boolean;
  /** Asks registries for newer base images. */
  readonly pulls: boolean;
  readonly args: AttributeMap;
  readonly labels: AttributeMap;
  readonly networkMode: string;
  /** Where a context comes from that is no folder of the client: `http://buildkit-session/<id>`. */
  readonly contextUrl: URL | undefined;
  /** Images that stand for names in the Dockerfile: `--build-context base=docker-image://busybox`. */
  readonly namedImages: AttributeMap;
  readonly exporter: SolveExporter;
  /** Of the build's session exporter; undefined for older clients, which have one. */
  readonly exporterId: string | undefined;
}

const FRONTEND = "dockerfile.v0";
const PLATFORM = "linux/amd64";
const IMAGE = "docker-image://";
const EXPORTERS: ReadonlySet<string> = new Set(["", "moby", "image", "local", "tar"]);

/** @throws SolveError for what the simulation has not */
export function readSolveOptions(
  attributes: AttributeMap,
  { session, exporter, exporterId }: Pick<SolveOptions, "session" | "exporter" | "exporterId">,
): SolveOptions {
  checkAttributes(attributes);
  if (!EXPORTERS.has(exporter.type))
    throw createUnsupportedError(`the output type=${exporter.type}`, "image, local or tar");
  return {
    session,
    exporter,
    exporterId,
    contextSession: attributes["local-sessionid:context"] ?? session,
    dockerfileSession: attributes["local-sessionid:dockerfile"] ?? session,
    filename: attributes.filename || "Dockerfile",
    target: attributes.target ?? "",
    usesCache: attributes["no-cache"] === undefined,
    pulls: attributes["image-resolve-mode"] === "pull",
    args: selectByPrefix(attributes, "build-arg:"),
    labels: selectByPrefix(attributes, "label:"),
    networkMode: attributes["force-network-mode"] ?? "default",
    contextUrl: parseContextUrl(attributes.context),
    namedImages: selectNamedImages(attributes),
  };
}

/** @throws SolveError for a frontend that is not built in */
export function checkFrontend(frontend: string, attributes: AttributeMap): void {
  if (frontend === FRONTEND) return;
  const what = frontend === "gateway.v0" ? `the frontend ${attributes.source ?? ""}` : `the frontend ${frontend}`;
  throw createUnsupportedError(what, "Docker's own Dockerfile frontend");
}

/** `# syntax=docker/dockerfile:1` names the built-in frontend. @throws SolveError for another one */
export function checkSyntax(dockerfile: string): void {
  const [, image = ""] = /^#\s*syntax\s*=\s*(\S+)/i.exec(dockerfile) ?? [];
  if (image === "" || /^(?:docker\.io\/)?docker\/dockerfile(?::[\w.-]+)?(?:@.*)?$/.test(image)) return;
  throw createUnsupportedError(`the frontend ${image}`, "Docker's own Dockerfile frontend");
}

function checkAttributes(attributes: AttributeMap): void {
  const { platform = PLATFORM, requestid } = attributes;
  if (platform !== PLATFORM) throw createUnsupportedError(`the platform ${platform}`, PLATFORM);
  if (requestid !== undefined) throw createUnsupportedError(`the subrequest ${requestid}`, "builds");
}

function parseContextUrl(context: string | undefined): URL | undefined {
  if (context === undefined) return undefined;
  if (/^http:\/\/(?:buildkit-session|upload-request)\//.test(context)) return new URL(context);
  throw createUnsupportedError(`the build context ${context}`, "folders and tars of the client, no git and no web");
}

function selectNamedImages(attributes: AttributeMap): AttributeMap {
  const named = Object.entries(selectByPrefix(attributes, "context:"));
  const images = named.map(([name, value]): [string, string] => {
    if (value.startsWith(IMAGE)) return [name, value.slice(IMAGE.length)];
    throw createUnsupportedError(`the build context ${name}=${value}`, `images (${IMAGE}...)`);
  });
  return Object.fromEntries(images);
}

function selectByPrefix(attributes: AttributeMap, prefix: string): AttributeMap {
  const own = Object.entries(attributes).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

export function createUnsupportedError(what: string, supported: string): SolveError {
  return new SolveError(`whalesong's mock does not build with ${what}: it has ${supported}`);
}
