/** Runs COPY and ADD as steps of a build. */

import { Disk } from "../../../userland/files/disk.ts";
import { createDirectoryNode, createFileNode, type DirectoryNode } from "../../../userland/files/node.ts";
import { createLayer } from "../../images/layers.ts";
import { ApiError } from "../../model/api-error.ts";
import { getRootTree } from "../../model/image.ts";
import { formatProgressBar } from "../../model/layer-progress.ts";
import { resolveUser } from "../../runtime/container-user.ts";
import { getPage, toPageName } from "../../runtime/web-pages.ts";
import type { DockerfileInstruction } from "../dockerfile/instruction.ts";
import { getShell } from "../dockerfile/settings.ts";
import { expandWord } from "../dockerfile/shell-lexer.ts";
import type { DockerfileVariables } from "../dockerfile/variables.ts";
import { createBuildKitError } from "./buildkit-error.ts";
import { type CopySource, copySources, type FileOwner, findSources, formatFingerprint } from "./copy-sources.ts";
import type { BuildScope, StageState } from "./stage-state.ts";

/** The tree that a COPY or an ADD reads from: the context, or the stage or image of `--from`. */
export interface CopyRoot {
  readonly root: DirectoryNode;
  readonly isContext: boolean;
}

export async function copyOrAdd(
  scope: BuildScope,
  stage: StageState,
  instruction: DockerfileInstruction,
  from: CopyRoot,
  variables: DockerfileVariables,
): Promise<void> {
  if (instruction.flags.has("chmod")) throw createBuildKitError("chmod");
  const { engine, escapeMark } = scope;
  const command = instruction.name.toUpperCase();
  const words = instruction.args.map((word) => expandWord(word, variables, escapeMark));
  const target = words.pop() ?? "";
  const sources = words.flatMap((word) => resolveSources(scope, word, target, from, command));
  checkSources(sources, target, command);
  const chown = expandWord(instruction.flags.get("chown") ?? "", variables, escapeMark);
  const comment = `${command} ${chown === "" ? "" : `--chown=${chown}`}${formatFingerprint(sources)} in ${target} `;
  const remembered = { ...stage.config, Cmd: [...getShell(stage.config), `#(nop) ${comment}`] };
  if (stage.isInCache(remembered)) return;
  const root = (stage.image && getRootTree(stage.image)) ?? createDirectoryNode(0);
  const owner = resolveOwner(root, chown);
  const copy = { sources, target, workingDir: stage.config.WorkingDir, owner, unpacks: command === "ADD" };
  const after = await copySources(root, copy, Number(engine.time.now() / 1_000_000n));
  stage.addLayer(createLayer(after, stage.image?.layers.at(-1)), remembered);
}

function resolveSources(
  { engine, send }: BuildScope,
  word: string,
  target: string,
  { root, isContext }: CopyRoot,
  command: string,
): CopySource[] {
  if (!/^(https?|ftp):\/\//.test(word)) return findSources(root, word, { command, isContext });
  if (command !== "ADD") throw new ApiError(400, `source can't be a URL for ${command}`);
  const name = toPageName(word) ?? "/";
  if (name === "/" && target.endsWith("/")) {
    throw new ApiError(500, `cannot determine filename for source ${word}`);
  }
  const page = downloadPage(engine.pages, word);
  const step = { current: page.length, total: page.length };
  send({ status: "Downloading", progressDetail: step, progress: formatProgressBar(step) });
  return [{ name, node: createFileNode(page, 0, 0o600), isRemote: true }];
}

function downloadPage(pages: Parameters<typeof getPage>[0], url: string): Buffer {
  try {
    return getPage(pages, url);
  } catch (error) {
    throw error instanceof ApiError ? new ApiError(500, `ADD failed: ${error.message}`) : error;
  }
}

function checkSources(sources: readonly CopySource[], target: string, command: string): void {
  if (sources.length === 0) throw new ApiError(500, `${command} failed: no source files were specified`);
  if (sources.length === 1 || target.endsWith("/")) return;
  const rule = "the destination must be a directory and end with a /";
  throw new ApiError(400, `When using ${command} with more than one source file, ${rule}`);
}

/** Resolves `--chown` with the stage's own /etc/passwd and /etc/group. */
export function resolveOwner(root: DirectoryNode, chown: string): FileOwner {
  if (chown === "") return { uid: 0, gid: 0 };
  const [user = "", group = user] = chown.split(":");
  const { uid, gid } = resolveUser(new Disk([{ at: "/", rootRef: { root } }], () => 0), `${user}:${group}`);
  return { uid, gid };
}
