import type { DirectoryNode } from "../../userland/files/node.ts";
import type { ContainerConfig, SentConfig } from "./container-config.ts";

export interface Layer {
  /** `sha256:` and 64 digits. */
  readonly diffId: string;
  /** The whole file tree, of this layer and those below it. */
  readonly root: DirectoryNode;
  /** The bytes of the layer's own files. */
  readonly size: number;
  /** The tar that was loaded. Without one, the tar is packed on demand. */
  readonly archive?: Buffer;
}

export interface HistoryEntry {
  readonly created: bigint;
  readonly createdBy: string;
  readonly comment: string;
  readonly isEmptyLayer: boolean;
  readonly author?: string;
}

/** An image's JSON in registries and archives (moby image/spec/v1.2.md). */
export interface ImageConfiguration {
  readonly architecture?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly config?: SentConfig | null;
  /** The container that the image was committed from, and its settings. */
  readonly container?: string;
  readonly container_config?: SentConfig;
  readonly created?: string;
  readonly docker_version?: string;
  readonly history?: readonly {
    readonly created?: string;
    readonly author?: string;
    readonly created_by?: string;
    readonly comment?: string;
    readonly empty_layer?: boolean;
  }[];
  readonly os?: string;
  readonly rootfs?: { readonly type?: string; readonly diff_ids?: readonly string[] };
}

export interface Image {
  /** `sha256:` and 64 digits: the digest of `bytes`. */
  readonly id: string;
  /** The configuration's JSON. */
  readonly bytes: Buffer;
  readonly configuration: ImageConfiguration;
  /** Sorted: `busybox:latest`, `127.0.0.1:5000/tide/web:1`. */
  readonly tags: readonly string[];
  /** Sorted: `busybox@sha256:...` */
  readonly digests: readonly string[];
  /** Empty for an image that was not created here. */
  readonly parentId: string;
  readonly created: bigint;
  readonly lastTagged: bigint | undefined;
  /** The settings of its containers. */
  readonly config: ContainerConfig;
  /** Lowest first. */
  readonly layers: readonly Layer[];
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
}

/** The file tree of the top layer. */
export function getRootTree({ layers }: Image): DirectoryNode | undefined {
  return layers.at(-1)?.root;
}
