/** `chmod` and `chown`: permissions and owners of files. */
import { findGroup, findUser } from "../../files/accounts.ts";
import { FileError } from "../../files/file-error.ts";
import type { FileAttributes, TreeNode } from "../../files/node.ts";
import { parseMode } from "../../files/parse-mode.ts";
import { resolvePath } from "../../files/path.ts";
import type { Process, Program } from "../../process/process.ts";
import { AppletError, expectWords } from "../applet-errors.ts";
import { readOptions } from "../read-options.ts";
import { applyToPaths } from "./for-each-path.ts";
import { formatPermissions } from "./format-file.ts";

export const chmod: Program = (self) => {
  // A mode such as `-x` is no option.
  const argv = self.argv.map((word) => (/^-[rwxXst]+(?:,.*)?$/.test(word) ? `a${word}` : word));
  const withUmask = new Set(argv.filter((word, at) => word !== self.argv[at]));
  const { flags, words } = readOptions(argv, "Rcvf");
  expectWords(words, 2);
  const [text = "", ...paths] = words;
  const modeText = withUmask.has(text) ? text.slice(1) : text;
  const compute = ({ mode, kind }: TreeNode): number => {
    const parsed = parseMode(modeText, { mode, isFolder: kind === "directory", umask: self.umask });
    if (parsed === undefined) throw new AppletError(`invalid mode '${modeText}'`);
    return parsed;
  };
  return changeAttributes(self, paths, flags, async (path, shown, node) => {
    if (node.kind === "link") return;
    const mode = compute(node);
    self.disk.setAttributes(path, { mode });
    if (!flags.has("v") && (!flags.has("c") || mode === node.mode)) return;
    await self.writeStdout(
      `mode of '${shown}' changed to ${mode.toString(8).padStart(4, "0")} (${formatPermissions(mode)})\n`,
    );
  });
};

export const chown: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "RhLHPcvf", {
    long: {
      recursive: "R",
      dereference: "dereference",
      "no-dereference": "h",
      changes: "c",
      silent: "f",
      quiet: "f",
      verbose: "v",
    },
  });
  expectWords(words, 2);
  const [text = "", ...paths] = words;
  const owner = parseOwner(self, text);
  return changeAttributes(
    self,
    paths,
    flags,
    async (path, shown, node) => {
      const { uid = node.uid, gid = node.gid } = owner;
      self.disk.setAttributes(path, { uid, gid }, !flags.has("h"));
      const isChanged = uid !== node.uid || gid !== node.gid;
      if (!flags.has("v") && !(flags.has("c") && isChanged)) return;
      await self.writeStdout(`changed ownership of '${shown}' to ${uid}:${gid}\n`);
    },
    !flags.has("h"),
  );
};

/** `USER`, `USER:GROUP`, `:GROUP`, or `USER:` for the user and their login group. */
function parseOwner(self: Process, text: string): Partial<Pick<FileAttributes, "uid" | "gid">> {
  const [, user = "", mark, group = ""] = /^([^:]*)(:?)(.*)$/.exec(text) ?? [];
  const account = user === "" ? undefined : findUser(self.disk, user);
  const uid = user === "" ? undefined : (account?.uid ?? toNumber(user));
  const gid =
    group === "" ? (mark === ":" ? account?.gid : undefined) : (findGroup(self.disk, group) ?? toNumber(group));
  if ((user !== "" && uid === undefined) || (group !== "" && gid === undefined)) {
    throw new AppletError(group === "" ? `unknown user ${user}` : `unknown user/group ${text}`);
  }
  return { ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) };
}

function toNumber(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Changes each file, and with `-R` what is in it. */
function changeAttributes(
  self: Process,
  words: readonly string[],
  flags: ReadonlyMap<string, string>,
  change: (path: string, shown: string, node: TreeNode) => Promise<void>,
  followsLinks = true,
): Promise<number> {
  const changeAll = async (path: string, shown: string, isTop: boolean): Promise<void> => {
    const node = self.disk.stat(path, isTop && followsLinks);
    await change(path, shown, node);
    if (!flags.has("R") || node.kind !== "directory") return;
    for (const name of self.disk.list(path).keys())
      await changeAll(resolvePath(name, path), `${shown.replace(/\/$/, "")}/${name}`, false);
  };
  return applyToPaths(
    self,
    words,
    (word) => word,
    (path, word) => {
      if (word === "") throw new FileError("ENOENT");
      return changeAll(path, word, true);
    },
  );
}
