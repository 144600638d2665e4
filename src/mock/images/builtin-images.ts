/** The built-in images of a simulated daemon. Their bytes, and so their ids, are always the same. */

import { APPLETS } from "../../userland/applets/table.ts";
import { createDirectoryNode, createFileNode, createLinkNode, type DirectoryNode } from "../../userland/files/node.ts";
import { buildTree, type PlacedNode } from "../../userland/files/tree.ts";
import { type SentConfig, toContainerConfig } from "../model/container-config.ts";
import type { Image, Layer } from "../model/image.ts";
import { HELLO_WORLD } from "./hello-world.ts";
import { createImage } from "./image-configuration.ts";
import { createBaseLayer } from "./layers.ts";
import { createExecutable } from "./programs.ts";

const CREATED_MS = Date.parse("2024-01-01T00:00:00Z");
const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const FOLDERS = [
  "bin",
  "dev",
  "etc",
  "home",
  "proc",
  "root",
  "sbin",
  "sys",
  "tmp",
  "usr",
  "usr/bin",
  "usr/sbin",
  "var",
];

/** Made at the first need: a layer is a value, so all daemons of a process share it, and a test's daemon is there sooner. */
let busyboxLayer: Layer | undefined;

export function createBuiltinImages(): Image[] {
  return [withTag(createBusyboxImage({}), "busybox:latest"), withTag(createHelloWorldImage(), `${HELLO_WORLD}:latest`)];
}

function withTag(image: Image, tag: string): Image {
  return { ...image, tags: [tag] };
}

/** A busybox with other settings and more files. It stands in for images of other names. */
export function createBusyboxImage(config: SentConfig, more: readonly PlacedNode[] = []): Image {
  return createOneLayerImage(more.length === 0 ? getBusyboxLayer() : createBusyboxLayer(more), {
    Cmd: ["sh"],
    ...config,
  });
}

function getBusyboxLayer(): Layer {
  busyboxLayer ??= createBusyboxLayer([]);
  return busyboxLayer;
}

function createBusyboxLayer(more: readonly PlacedNode[]): Layer {
  return createBaseLayer(buildTree([...listBusyboxFiles(), ...more], createDirectoryNode(CREATED_MS)));
}

export function createHelloWorldImage(): Image {
  return createSingleLayerImage(
    buildTree([createBuiltinFile("hello", createExecutable(HELLO_WORLD), 0o755)], createDirectoryNode(CREATED_MS)),
    {
      Cmd: ["/hello"],
    },
  );
}

/** An image with one layer of these files. */
export function createSingleLayerImage(root: DirectoryNode, config: SentConfig): Image {
  return createOneLayerImage(createBaseLayer(root), config);
}

function createOneLayerImage(layer: Layer, config: SentConfig): Image {
  const created = BigInt(CREATED_MS) * 1_000_000n;
  const entry = { created, createdBy: "whalesong", comment: "", isEmptyLayer: false };
  return createImage({
    created,
    config: { ...toContainerConfig({ Env: [PATH], ...config }), Labels: config.Labels ?? null },
    history: [entry],
    layers: [layer],
    isForeign: true,
  });
}

export function createBuiltinFile(path: string, text: string | Buffer, mode?: number): PlacedNode {
  return { path, node: createFileNode(text, CREATED_MS, mode) };
}

function listBusyboxFiles(): PlacedNode[] {
  const folders = FOLDERS.map(
    (path): PlacedNode => ({ path, node: createDirectoryNode(CREATED_MS, path === "tmp" ? 0o1777 : 0o755) }),
  );
  const applets = [...APPLETS.keys()].map(
    (name): PlacedNode => ({ path: `bin/${name}`, node: createLinkNode("/bin/busybox", CREATED_MS) }),
  );
  return [
    ...folders,
    ...applets,
    createBuiltinFile("bin/busybox", createExecutable("busybox"), 0o755),
    createBuiltinFile("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n"),
    createBuiltinFile("etc/group", "root:x:0:\nnobody:x:65534:\n"),
  ];
}
