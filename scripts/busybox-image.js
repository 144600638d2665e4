/**
 * Images as archives that `docker load` reads, the same bytes every time: fixed times, sorted names, so that ids and
 * digests do not change between recordings.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import tar from "tar-stream";
import { findCommand } from "./private-daemon-needs.js";

const CREATED = "2024-01-01T00:00:00Z";
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

/**
 * @typedef {{ name: string, content?: string | Buffer, mode?: number, type?: "directory" | "symlink", linkname?: string }} Entry
 * @typedef {{ tag: string, layers: readonly (readonly Entry[])[], config?: Record<string, unknown> }} Image
 */

/** @param {string} tag */
export async function busyboxArchive(tag) {
  return imageArchive({ tag, layers: [busyboxRoot()], config: { Cmd: ["sh"], Env: [PATH] } });
}

/**
 * A root of nothing but busybox, its applets, and root.
 * @returns {Entry[]}
 */
export function busyboxRoot() {
  const busybox = findCommand("busybox") ?? "/bin/busybox";
  const applets = execFileSync(busybox, ["--list-full"], { encoding: "utf8" }).split("\n");
  return [
    ...FOLDERS.map(
      (name) => /** @type {Entry} */ ({ name: `${name}/`, type: "directory", mode: name === "tmp" ? 0o1777 : 0o755 }),
    ),
    { name: "bin/busybox", mode: 0o755, content: readFileSync(busybox) },
    { name: "etc/passwd", content: "root:x:0:0:root:/root:/bin/sh\n" },
    { name: "etc/group", content: "root:x:0:\n" },
    ...applets
      .filter((name) => /^(usr\/)?s?bin\//.test(name) && name !== "bin/busybox")
      .map((name) => /** @type {Entry} */ ({ name, type: "symlink", linkname: "/bin/busybox" })),
  ];
}

/**
 * @param {Image} image
 * @returns {Promise<Buffer>}
 */
export async function imageArchive({ tag, layers, config = {} }) {
  const tars = await Promise.all(layers.map(tarOf));
  const settings = JSON.stringify({
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    created: CREATED,
    config,
    rootfs: { type: "layers", diff_ids: tars.map((layer) => `sha256:${sha256(layer)}`) },
    history: layers.map(() => ({ created: CREATED, created_by: "whalesong" })),
  });
  const names = tars.map((_, index) => `layer${index}.tar`);
  const manifest = [{ Config: "config.json", RepoTags: [tag], Layers: names }];
  return tarOf([
    { name: "config.json", content: settings },
    { name: "manifest.json", content: JSON.stringify(manifest) },
    ...tars.map((content, index) => ({ name: names[index] ?? "", content })),
  ]);
}

/**
 * @param {readonly Entry[]} entries
 * @returns {Promise<Buffer>}
 */
export function tarOf(entries) {
  const pack = tar.pack();
  for (const { content = "", ...header } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    pack.entry({ mode: 0o644, mtime: new Date(CREATED), uid: 0, gid: 0, ...header }, content);
  }
  pack.finalize();
  return buffer(pack);
}

/** @param {Buffer} bytes */
function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}
