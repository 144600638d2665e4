/** The images that a simulated daemon has from the start. Always the same bytes, so that their ids never change. */

import { COMMANDS } from "../../userland/applets/table.ts";
import { type DirectoryNode, directoryNode, fileNode, linkNode } from "../../userland/files/node.ts";
import { type Placed, treeOf } from "../../userland/files/tree.ts";
import { configOf, type SentConfig } from "../model/container-config.ts";
import type { Image } from "../model/image.ts";
import { newImage } from "./configuration.ts";
import { HELLO_WORLD } from "./hello-world.ts";
import { layerOfTree } from "./layers.ts";
import { executable } from "./programs.ts";

const MADE = Date.parse("2024-01-01T00:00:00Z");
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

export function builtinImages(): Image[] {
  return [named(busyboxLike({}), "busybox:latest"), named(helloWorldImage(), `${HELLO_WORLD}:latest`)];
}

function named(image: Image, tag: string): Image {
  return { ...image, tags: [tag] };
}

/** A busybox with more files, or other settings: what stands for an image of another name. */
export function busyboxLike(config: SentConfig, more: readonly Placed[] = []): Image {
  return handMade(treeOf([...busyboxFiles(), ...more], directoryNode(MADE)), { Cmd: ["sh"], ...config });
}

export function helloWorldImage(): Image {
  return handMade(treeOf([builtinFile("hello", executable(HELLO_WORLD), 0o755)], directoryNode(MADE)), {
    Cmd: ["/hello"],
  });
}

/** An image of one layer that nobody has built. */
export function handMade(root: DirectoryNode, config: SentConfig): Image {
  const created = BigInt(MADE) * 1_000_000n;
  const entry = { created, createdBy: "whalesong", comment: "", isEmptyLayer: false };
  return newImage({
    created,
    config: { ...configOf({ Env: [PATH], ...config }), Labels: config.Labels ?? null },
    history: [entry],
    layers: [layerOfTree(root)],
    isForeign: true,
  });
}

export function builtinFile(path: string, text: string | Buffer, mode?: number): Placed {
  return { path, node: fileNode(text, MADE, mode) };
}

function busyboxFiles(): Placed[] {
  const folders = FOLDERS.map((path): Placed => ({ path, node: directoryNode(MADE, path === "tmp" ? 0o1777 : 0o755) }));
  const applets = [...COMMANDS.keys()].map(
    (name): Placed => ({ path: `bin/${name}`, node: linkNode("/bin/busybox", MADE) }),
  );
  return [
    ...folders,
    ...applets,
    builtinFile("bin/busybox", executable("busybox"), 0o755),
    builtinFile("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n"),
    builtinFile("etc/group", "root:x:0:\nnobody:x:65534:\n"),
  ];
}
