/** `cp`: copies of files and folders. */
import { FileError } from "../../files/file-error.ts";
import type { FileNode, TreeNode } from "../../files/node.ts";
import { isWithin, toParentPath } from "../../files/path.ts";
import type { Process, Program } from "../../process/process.ts";
import { complain } from "../applet-errors.ts";
import { isConfirmed } from "../confirm.ts";
import { type ReadOptions, readOptions } from "../read-options.ts";
import { readCopyTarget } from "./copy-target.ts";

const LONG = {
  archive: "a",
  dereference: "L",
  force: "f",
  interactive: "i",
  link: "l",
  "no-clobber": "n",
  "no-dereference": "P",
  "no-target-directory": "T",
  parents: "parents",
  recursive: "r",
  "symbolic-link": "s",
  "target-directory": "t",
  update: "u",
  verbose: "v",
};

export const cp: Program = async (self) => {
  const options = readOptions(self.argv, "arRPdLHpfinlsTt:uv", { long: LONG });
  const { sources, toPath } = readCopyTarget(self, options);
  const copier = new Copier(self, options.flags);
  for (const source of sources) {
    const name = options.flags.has("parents") ? source.replace(/^\/+/, "") : undefined;
    await copier.copyTop(source, toPath(source, name));
  }
  return copier.status;
};

class Copier {
  status = 0;
  readonly #self: Process;
  readonly #flags: ReadOptions["flags"];
  readonly #isDeep: boolean;
  readonly #keepsAttributes: boolean;

  constructor(self: Process, flags: ReadOptions["flags"]) {
    this.#self = self;
    this.#flags = flags;
    this.#isDeep = ["a", "r", "R"].some((letter) => flags.has(letter));
    this.#keepsAttributes = flags.has("a") || flags.has("p");
  }

  async copyTop(source: string, target: string): Promise<void> {
    const keepsLinks =
      ["a", "d", "P"].some((letter) => this.#flags.has(letter)) || (this.#isDeep && !this.#flags.has("H"));
    if (this.#flags.has("parents")) this.#self.disk.makeFolders(toParentPath(this.#self.resolvePath(target)));
    await this.#copy(source, target, keepsLinks && !this.#flags.has("L"));
  }

  async #copy(source: string, target: string, keepsLinks: boolean): Promise<void> {
    const node = this.#find(source, !keepsLinks);
    if (typeof node === "string") return this.#complain(`can't stat '${source}': ${node}`);
    const existing = this.#find(target, true);
    if (existing === "Not a directory") return this.#complain(`can't stat '${target}': ${existing}`);
    const before = typeof existing === "string" ? undefined : existing;
    if (node === before && this.#isSame(source, target))
      return this.#complain(`'${source}' and '${target}' are the same file`);
    if (node.kind === "directory") return this.#copyFolder(source, target, before);
    if (before?.kind === "directory") return this.#complain(`'${target}' is a directory`);
    if (before !== undefined && !(await this.#mayOverwrite(node, before, target))) return;
    if (!(await this.#try(target, () => this.#write(source, target, node, before)))) return;
    if (this.#flags.has("v")) await this.#self.writeStdout(`'${source}' -> '${target}'\n`);
  }

  async #copyFolder(source: string, target: string, before: TreeNode | undefined): Promise<void> {
    const { disk } = this.#self;
    if (!this.#isDeep) return this.#complain(`omitting directory '${source}'`);
    const [from, to] = [this.#self.resolvePath(source), this.#self.resolvePath(target)];
    if (isWithin(to, from)) return this.#complain(`recursion detected, omitting directory '${target}'`);
    if (before !== undefined && before.kind !== "directory")
      return this.#complain(`target '${target}' is not a directory`);
    const node = disk.stat(from);
    if (before === undefined && !(await this.#try(target, () => disk.makeFolder(to, node.mode & ~this.#self.umask))))
      return;
    for (const name of disk.list(from).keys())
      await this.#copy(`${source.replace(/\/+$/, "")}/${name}`, `${target}/${name}`, !this.#flags.has("L"));
    if (this.#keepsAttributes) await this.#try(target, () => this.#keepAttributes(to, node));
    if (this.#flags.has("v")) await this.#self.writeStdout(`'${source}' -> '${target}'\n`);
  }

  async #mayOverwrite(node: TreeNode, before: TreeNode, target: string): Promise<boolean> {
    if (this.#flags.has("n")) return false;
    if (this.#flags.has("u") && toSeconds(node) <= toSeconds(before)) return false;
    return !this.#flags.has("i") || isConfirmed(this.#self, `cp: overwrite '${target}'? `);
  }

  #write(source: string, target: string, node: TreeNode, before: TreeNode | undefined): void {
    const { disk } = this.#self;
    const [from, to] = [this.#self.resolvePath(source), this.#self.resolvePath(target)];
    if (this.#flags.has("s") || this.#flags.has("l")) {
      if (before !== undefined) disk.remove(to);
      if (this.#flags.has("s")) disk.link(source, to);
      else disk.place(disk.find(to, false).path, node);
    } else if (node.kind === "file") {
      disk.write(to, disk.read(from), { mode: node.mode & 0o777 & ~this.#self.umask });
    } else {
      if (before !== undefined) disk.remove(to);
      disk.place(disk.find(to, false).path, disk.touch(node));
    }
    if (this.#keepsAttributes && node.kind !== "link") this.#keepAttributes(to, node);
  }

  /** A user who may not give files away keeps them. */
  #keepAttributes(path: string, { mode, uid, gid, mtimeMs }: TreeNode): void {
    const isRoot = this.#self.user.uid === 0;
    const changes: Partial<FileNode> = isRoot ? { mode, uid, gid, mtimeMs } : { mode, mtimeMs };
    this.#self.disk.setAttributes(path, changes);
  }

  /** The node, or why there is none. */
  #find(path: string, followsLast: boolean): TreeNode | string {
    try {
      return this.#self.disk.stat(this.#self.resolvePath(path), followsLast);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return error.message;
    }
  }

  #isSame(source: string, target: string): boolean {
    const { disk } = this.#self;
    return disk.find(this.#self.resolvePath(source)).path === disk.find(this.#self.resolvePath(target)).path;
  }

  async #try(target: string, action: () => void): Promise<boolean> {
    try {
      action();
      return true;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await this.#complain(`can't create '${target}': ${error.message}`);
      return false;
    }
  }

  async #complain(message: string): Promise<void> {
    this.status = 1;
    await complain(this.#self, message);
  }
}

function toSeconds({ mtimeMs }: TreeNode): number {
  return Math.floor(mtimeMs / 1000);
}
