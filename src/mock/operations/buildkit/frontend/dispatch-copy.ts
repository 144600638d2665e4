/** COPY and ADD (buildkit frontend/dockerfile/dockerfile2llb/convert.go, dispatchCopy). */
import { createDirectoryNode, createFileNode } from "../../../../userland/files/node.ts";
import { toBaseName } from "../../../../userland/files/path.ts";
import { withNode } from "../../../../userland/files/tree.ts";
import { badParameter } from "../../../model/api-error.ts";
import { isIgnored } from "../../builder/build-context.ts";
import { formatFingerprint } from "../../builder/copy-sources.ts";
import type { DockerfileInstruction } from "../../dockerfile/instruction.ts";
import type { BuildNode, NodeResult } from "../build-node.ts";
import { type CopyPlan, type CopyWord, checkChmod, copyInto, resolveSources } from "../copy-files.ts";
import { LINT_RULES } from "../lint/lint-rules.ts";
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

/** @param name of the step, which its downloads have, too. @throws ApiError 400 for what COPY or ADD does not take */
export function createCopyStep(
  scope: FrontendScope,
  draft: StageDraft,
  instruction: DockerfileInstruction,
  name: string,
): StepParts {
  const expand = (word: string): string => expandStageWord(scope, draft, instruction, word);
  const { flags, args } = instruction;
  const chown = expand(flags.get("chown") ?? "");
  const chmod = expand(flags.get("chmod") ?? "");
  checkChmod(chmod);
  const sources = listSources(scope, draft, instruction, name);
  const target = expand(args.at(-1) ?? "");
  const patterns = (flags.get("exclude") ?? "")
    .split(" ")
    .filter((pattern) => pattern !== "")
    .map(expand);
  const unpacks = instruction.name === "add" ? flags.get("unpack") !== "false" : false;
  const nodes = [...new Set(sources.map(({ node }) => node))];
  const plan: CopyPlan = {
    words: sources.map(({ word, node }) => ({ ...word, input: nodes.indexOf(node) + 1 })),
    target,
    workingDir: draft.config.WorkingDir,
    chown,
    chmod,
    excluded: patterns,
    unpacks,
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

function listSources(
  scope: FrontendScope,
  draft: StageDraft,
  instruction: DockerfileInstruction,
  step: string,
): readonly SourceInput[] {
  const { args, heredocs } = instruction;
  const words = args.slice(0, -1);
  const isHeredoc = (word: string): boolean => /^\d*<<-?\S+$/.test(word);
  const files = words
    .filter((word) => !isHeredoc(word))
    .map((word) => createFileSource(scope, draft, instruction, { word, step }));
  const texts = words.filter(isHeredoc).map((word): SourceInput => {
    const name = word.replace(/^\d*<<-?["']?|["']$/g, "");
    const { content = "", isExpanded = false } = heredocs.find((heredoc) => heredoc.name === name) ?? {};
    const options = { escapeMark: "\\", ignoresQuotes: true };
    const text = isExpanded ? expandStageWord(scope, draft, instruction, content, options) : content;
    const root = withNode(createDirectoryNode(0), [name], createFileNode(text, 0));
    return { word: { path: name, isInline: true }, node: createInlineNode(root) };
  });
  return [...files, ...texts];
}

function createFileSource(
  scope: FrontendScope,
  draft: StageDraft,
  instruction: DockerfileInstruction,
  { word, step }: { readonly word: string; readonly step: string },
): SourceInput {
  const { name, flags } = instruction;
  const path = expandStageWord(scope, draft, instruction, word);
  const from = flags.get("from") ?? "";
  if (/^https?:\/\//.test(path)) {
    if (name === "copy") throw badParameter("source can't be a URL for COPY");
    const file = toBaseName(new URL(path).pathname) || "__unnamed__";
    return { word: { path: file, isInline: true }, node: createPageNode(scope, path, file, step) };
  }
  const isIgnoredFile = from === "" && isIgnored(path.replace(/^\/+|^(?:\.\/)+/g, ""), scope.excluded);
  if (isIgnoredFile) {
    const command = name === "add" ? "Add" : "Copy";
    const what = `Attempting to ${command} file ${JSON.stringify(path)} that is excluded by .dockerignore`;
    scope.linter.warn(LINT_RULES.copyIgnoredFile, instruction, what);
  }
  return { word: { path, isInline: false }, node: findSourceNode(scope, from) };
}
