/** Creates images and parses their configurations. An image's id is the digest of its configuration's bytes. */
import { encodeGoJson } from "../../wire/go-json.ts";
import { toContainerConfig } from "../model/container-config.ts";
import { ENGINE_RELEASES } from "../model/engine-release.ts";
import { formatRfc3339Nano, parseTimestampNs } from "../model/go-time.ts";
import type { HistoryEntry, Image, ImageConfiguration, Layer } from "../model/image.ts";
import { toDigest } from "./layers.ts";

const MAPS: ReadonlySet<string> = new Set(["ExposedPorts", "Labels", "Volumes"]);

/** The content of a new image. */
export interface NewImage {
  readonly created: bigint;
  readonly author?: string;
  readonly comment?: string;
  readonly config: object;
  readonly containerId?: string;
  readonly containerConfig?: object;
  readonly history: readonly HistoryEntry[];
  readonly layers: readonly Layer[];
  readonly parentId?: string;
  /** The daemon that made it. @default 20.10.24, whatever the engine, so that built-in images always have the same ids */
  readonly dockerVersion?: string;
  /** From another machine, so that the configuration has no Docker version. */
  readonly isForeign?: boolean;
}

export function createImage(from: NewImage): Image {
  return parseImage(Buffer.from(encodeGoJson(toConfiguration(from))), from.layers, from.parentId);
}

/** The members are sorted by name, as moby writes a map (image/image.go, MarshalJSON). */
function toConfiguration(from: NewImage): ImageConfiguration {
  const { created, author, comment, config, containerId, containerConfig, history, layers } = from;
  const members = {
    architecture: "amd64",
    author: author || undefined,
    comment: comment || undefined,
    config: sortMaps(config),
    container: containerId || undefined,
    container_config: containerConfig ?? { ...toContainerConfig({}), Labels: null },
    created: formatRfc3339Nano(created),
    docker_version: from.isForeign === true ? undefined : (from.dockerVersion ?? ENGINE_RELEASES["20.10"].version),
    history: history.map(toHistoryJson),
    os: "linux",
    rootfs: { type: "layers", diff_ids: layers.length === 0 ? undefined : layers.map(({ diffId }) => diffId) },
  };
  return members as ImageConfiguration;
}

/** Go writes a map by its keys: the order of a client's labels does not change the image. */
export function sortMaps(config: object): object {
  const isMap = (value: unknown): value is object =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const sortByKey = (map: object): object =>
    Object.fromEntries(Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1)));
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, MAPS.has(name) && isMap(value) ? sortByKey(value) : value]),
  );
}

/** A layer's history as a configuration has it. */
export function toHistoryJson({ created, author, createdBy, comment, isEmptyLayer }: HistoryEntry): object {
  return {
    created: formatRfc3339Nano(created),
    author: author || undefined,
    created_by: createdBy || undefined,
    comment: comment || undefined,
    empty_layer: isEmptyLayer ? true : undefined,
  };
}

/**
 * The image of a configuration and its layers. It has no names.
 * @throws SyntaxError for invalid JSON
 */
export function parseImage(bytes: Buffer, layers: readonly Layer[], parentId = ""): Image {
  const configuration = JSON.parse(bytes.toString("utf8")) as ImageConfiguration;
  return {
    id: toDigest(bytes),
    bytes,
    configuration,
    tags: [],
    digests: [],
    parentId,
    created: parseCreated(configuration.created),
    lastTagged: undefined,
    config: toContainerConfig(configuration.config ?? {}),
    layers,
    history: (configuration.history ?? []).map((entry) => ({
      created: parseCreated(entry.created),
      createdBy: entry.created_by ?? "",
      comment: entry.comment ?? "",
      isEmptyLayer: entry.empty_layer === true,
      ...(entry.author === undefined ? {} : { author: entry.author }),
    })),
  };
}

function parseCreated(text: string | undefined): bigint {
  return (text === undefined ? undefined : parseTimestampNs(text, 0n)) ?? 0n;
}
