/** COPY and ADD as steps of a build. */

import { Disk } from "../../../userland/files/disk.ts";
import { type DirectoryNode, directoryNode, fileNode } from "../../../userland/files/node.ts";
import { baseName } from "../../../userland/files/path.ts";
import { layerOf } from "../../images/layers.ts";
import { ApiError } from "../../model/api-error.ts";
import { rootOf } from "../../model/image.ts";
import { progressBar } from "../../model/progress-bar.ts";
import { userOf } from "../../runtime/container-environment.ts";
import { pageAt } from "../../runtime/web-pages.ts";
import { copied, fingerprintOf, type Owner, type Source, sourcesAt } from "./copy.ts";
import { expand, type Variables } from "./dockerfile/expand.ts";
import type { Instruction } from "./dockerfile/instruction.ts";
import { shellOf } from "./settings.ts";
import type { Build, StageState } from "./stage.ts";

/** `from`: the tree that COPY --from names; undefined for the context. */
export interface From {
  readonly root: DirectoryNode;
  readonly isContext: boolean;
}

export async function add(
  build: Build,
  stage: StageState,
  instruction: Instruction,
  from: From,
  variables: Variables,
): Promise<void> {
  const { engine, escapeMark } = build;
  const command = instruction.name.toUpperCase();
  const words = instruction.args.map((word) => expand(word, variables, escapeMark));
  const target = words.pop() ?? "";
  const sources = words.flatMap((word) => sourcesOf(build, word, target, from, command));
  checkSources(sources, target, command);
  const chown = expand(instruction.flags.get("chown") ?? "", variables, escapeMark);
  const comment = `${command} ${chown === "" ? "" : `--chown=${chown}`}${fingerprintOf(sources)} in ${target} `;
  const remembered = { ...stage.config, Cmd: [...shellOf(stage.config), `#(nop) ${comment}`] };
  if (stage.isInCache(remembered)) return;
  const root = (stage.image && rootOf(stage.image)) ?? directoryNode(0);
  const owner = ownerOf(root, chown);
  const copy = { sources, target, workingDir: stage.config.WorkingDir, owner, unpacks: command === "ADD" };
  const after = await copied(root, copy, Number(engine.time.now() / 1_000_000n));
  stage.add(layerOf(after, stage.image?.layers.at(-1)), remembered);
}

function sourcesOf(
  { engine, say }: Build,
  word: string,
  target: string,
  { root, isContext }: From,
  command: string,
): Source[] {
  if (!/^(https?|ftp):\/\//.test(word)) return sourcesAt(root, word, { command, isContext });
  if (command !== "ADD") throw new ApiError(400, `source can't be a URL for ${command}`);
  const name = baseName(new URL(word).pathname);
  if (name === "/" && target.endsWith("/")) {
    throw new ApiError(500, `cannot determine filename for source ${word}`);
  }
  const page = pageOf(engine.pages, word);
  const step = { current: page.length, total: page.length };
  say({ status: "Downloading", progressDetail: step, progress: progressBar(step) });
  return [{ name, node: fileNode(page, 0, 0o600), isRemote: true }];
}

function pageOf(pages: Parameters<typeof pageAt>[0], url: string): Buffer {
  try {
    return pageAt(pages, url);
  } catch (error) {
    throw error instanceof ApiError ? new ApiError(500, `ADD failed: ${error.message}`) : error;
  }
}

function checkSources(sources: readonly Source[], target: string, command: string): void {
  if (sources.length === 0) throw new ApiError(500, `${command} failed: no source files were specified`);
  if (sources.length === 1 || target.endsWith("/")) return;
  const rule = "the destination must be a directory and end with a /";
  throw new ApiError(400, `When using ${command} with more than one source file, ${rule}`);
}

/** Looked up in the stage's own /etc/passwd and /etc/group. */
function ownerOf(root: DirectoryNode, chown: string): Owner {
  if (chown === "") return { uid: 0, gid: 0 };
  const [user = "", group = user] = chown.split(":");
  const { uid, gid } = userOf(new Disk([{ at: "/", cell: { root } }], () => 0), `${user}:${group}`);
  return { uid, gid };
}
