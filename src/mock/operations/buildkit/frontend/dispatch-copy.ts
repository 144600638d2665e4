/** COPY and ADD (buildkit frontend/dockerfile/dockerfile2llb/convert.go, dispatchCopy). */
import { createDirectoryNode, createFileNode } from "../../../../userland/files/node.ts";
import { splitPath } from "../../../../userland/files/path.ts";
import { withNode } from "../../../../userland/files/tree.ts";
import { badParameter } from "../../../model/api-error.ts";
import { toPageName } from "../../../runtime/web-pages.ts";
import { isIgnored } from "../../builder/build-context.ts";
import { formatFingerprint } from "../../builder/copy-sources.ts";
import { toHeredocName } from "../../dockerfile/heredoc.ts";
import type { DockerfileInstruction } from "../../dockerfile/instruction.ts";
import type { LexerOptions } from "../../dockerfile/shell-lexer.ts";
import type { BuildNode, NodeResult } from "../build-node.ts";
import { type CopyPlan, type CopyWord, checkChmod, copyInto, resolveSources } from "../copy-files.ts";
import { LINT_RULES } from "../lint/lint-rules.ts";
import { checkChecksum } from "./checksum.ts";
import { expandStageWord, type FrontendScope } from "./frontend-scope.ts";
import { createInlineNode } from "./inline-node.ts";
import { createPageNode } from "./page-node.ts";
import { findSourceNode } from "./source-nodes.ts";
import type { StageDraft } from "./stage-draft.ts";
import type { StepParts } from "./step-parts.ts";

/** A source, and the node that has its files. */
interface SourceInput {
  readonly word: CopyWord;
  readonly node: BuildNode;
}

/** What the sources of one instruction have in common. */
interface CopyScope {
  readonly scope: FrontendScope;
  readonly instruction: DockerfileInstruction;
  readonly expand: (word: string, options?: Partial<LexerOptions>) => string;
  /** The name of its step, which its downloads have, too. */
  readonly step: string;
  /** Of the only download; empty for one that is not compared. */
  readonly checksum: string;
}

/** @param name of the step, which its downloads have, too. @throws ApiError 400 for what COPY or ADD does not take */
export function createCopyStep(
  scope: FrontendScope,
  draft: StageDraft,
  instruction: DockerfileInstruction,
  name: string,
): StepParts {
  const expand: CopyScope["expand"] = (word, options) => expandStageWord(scope, draft, instruction, word, options);
  const { flags, args } = instruction;
  const chown = expand(flags.get("chown") ?? "");
  const chmod = expand(flags.get("chmod") ?? "");
  checkChmod(chmod);
  const checksum = checkChecksum(expand(flags.get("checksum") ?? ""), args.length - 1);
  const sources = listSources({ scope, instruction, expand, step: name, checksum });
  const target = expand(args.at(-1) ?? "");
  const patterns = (flags.get("exclude") ?? "")
    .split(" ")
    .filter((pattern) => pattern !== "")
    .map((pattern) => expand(pattern));
  const isAdd = instruction.name === "add";
  const nodes = [...new Set(sources.map(({ node }) => node))];
  const plan: CopyPlan = {
    words: sources.map(({ word, node }) => ({ ...word, input: nodes.indexOf(node) + 1 })),
    target,
    workingDir: draft.config.WorkingDir,
    chown,
    chmod,
    excluded: patterns,
    unpacks: isAdd && flags.get("unpack") !== "false",
    unpacksPages: isAdd && flags.get("unpack") === "true",
    keepsOwners: flags.has("from"),
  };
  const definition = [plan];
  const nowMs = (): number => Number(scope.engine.time.now() / 1_000_000n);
  return {
    inputs: nodes,
    definition,
    createdBy: describeCopy(instruction, plan),
    toKey: (results) => {
      const found = resolveSources(scope.engine, plan, results);
      return JSON.stringify([plan, formatFingerprint(found), found.map(({ name }) => name)]);
    },
    work: (results) =>
      copyInto((results[0] as NodeResult).root, resolveSources(scope.engine, plan, results), plan, nowMs()),
  };
}

/** As the image's history has it. */
function describeCopy({ name }: DockerfileInstruction, { words, target, chown, chmod }: CopyPlan): string {
  const options = [...(chown === "" ? [] : [`--chown=${chown}`]), ...(chmod === "" ? [] : [`--chmod=${chmod}`])];
  const sources = words.map(({ path, isInline }) => (isInline ? `<<${path}` : path));
  return `${[name.toUpperCase(), ...options, ...sources, target].join(" ")} # buildkit`;
}

function listSources(copy: CopyScope): readonly SourceInput[] {
  const { args } = copy.instruction;
  const words = args.slice(0, -1);
  const files = words.filter((word) => toHeredocName(word) === undefined).map((word) => createFileSource(copy, word));
  const texts = words.flatMap((word) => {
    const name = toHeredocName(word);
    return name === undefined ? [] : [createTextSource(copy, name)];
  });
  return [...files, ...texts];
}

function createTextSource({ instruction, expand }: CopyScope, name: string): SourceInput {
  const { content = "", isExpanded = false } = instruction.heredocs.find((heredoc) => heredoc.name === name) ?? {};
  const text = isExpanded ? expand(content, { escapeMark: "\\", ignoresQuotes: true }) : content;
  const root = withNode(createDirectoryNode(0), [name], createFileNode(text, 0));
  return { word: { path: name, isInline: true }, node: createInlineNode(root) };
}

function createFileSource({ scope, instruction, expand, step, checksum }: CopyScope, word: string): SourceInput {
  const { name, flags } = instruction;
  const path = expand(word);
  const from = flags.get("from") ?? "";
  if (/^https?:\/\//.test(path)) {
    if (name === "copy") throw badParameter("source can't be a URL for COPY");
    const file = toPageName(path) ?? "__unnamed__";
    const page = { url: path, file, checksum };
    return { word: { path: file, isInline: true }, node: createPageNode(scope, page, step) };
  }
  if (checksum !== "") throw badParameter("checksum requires HTTP(S) or Git sources");
  const isIgnoredFile = from === "" && isIgnored(splitPath(path).join("/"), scope.excluded);
  if (isIgnoredFile) {
    const command = name === "add" ? "Add" : "Copy";
    const what = `Attempting to ${command} file ${JSON.stringify(path)} that is excluded by .dockerignore`;
    scope.linter.warn(LINT_RULES.copyIgnoredFile, instruction, what);
  }
  return { word: { path, isInline: false }, node: findSourceNode(scope, from) };
}
