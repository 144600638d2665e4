/** An image is the bytes of its configuration: its id is their digest, and all else about it stands in them. */
import { goJson } from "../../wire/go-json.ts";
import { configOf } from "../model/container-config.ts";
import { ENGINE_VERSION } from "../model/daemon-version.ts";
import { rfc3339Nano, timestampNs } from "../model/go-time.ts";
import type { HistoryEntry, Image, ImageConfiguration, Layer } from "../model/image.ts";
import { digestOf } from "./layers.ts";

/** What is made here, before it is written down. */
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
  /** Other machines' images keep quiet about the version. */
  readonly isForeign?: boolean;
}

export function newImage(from: NewImage): Image {
  return imageFrom(Buffer.from(goJson(written(from))), from.layers, from.parentId);
}

/** Members by name: moby writes a map (image/image.go, MarshalJSON). */
function written(from: NewImage): ImageConfiguration {
  const { created, author, comment, config, containerId, containerConfig, history, layers, isForeign } = from;
  const members = {
    architecture: "amd64",
    author: author || undefined,
    comment: comment || undefined,
    config,
    container: containerId || undefined,
    container_config: containerConfig ?? { ...configOf({}), Labels: null },
    created: rfc3339Nano(created),
    docker_version: isForeign === true ? undefined : ENGINE_VERSION,
    history: history.map(writtenEntry),
    os: "linux",
    rootfs: { type: "layers", diff_ids: layers.length === 0 ? undefined : layers.map(({ diffId }) => diffId) },
  };
  return members as ImageConfiguration;
}

function writtenEntry({ created, author, createdBy, comment, isEmptyLayer }: HistoryEntry): object {
  return {
    created: rfc3339Nano(created),
    author: author || undefined,
    created_by: createdBy || undefined,
    comment: comment || undefined,
    empty_layer: isEmptyLayer ? true : undefined,
  };
}

/**
 * The image whose configuration is `bytes`, over these layers; nobody has named it yet.
 * @throws SyntaxError where they are no JSON
 */
export function imageFrom(bytes: Buffer, layers: readonly Layer[], parentId = ""): Image {
  const configuration = JSON.parse(bytes.toString("utf8")) as ImageConfiguration;
  return {
    id: digestOf(bytes),
    bytes,
    configuration,
    tags: [],
    digests: [],
    parentId,
    created: timeOf(configuration.created),
    lastTagged: undefined,
    config: configOf(configuration.config ?? {}),
    layers,
    history: (configuration.history ?? []).map((entry) => ({
      created: timeOf(entry.created),
      createdBy: entry.created_by ?? "",
      comment: entry.comment ?? "",
      isEmptyLayer: entry.empty_layer === true,
      ...(entry.author === undefined ? {} : { author: entry.author }),
    })),
  };
}

function timeOf(text: string | undefined): bigint {
  return (text === undefined ? undefined : timestampNs(text, 0n)) ?? 0n;
}
