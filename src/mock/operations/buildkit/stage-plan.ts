/** Finds out which stages of a Dockerfile a build needs, and from what each of them begins. */

import { ApiError } from "../../model/api-error.ts";
import { type EngineRelease, isOlderEngine } from "../../model/engine-release.ts";
import { type ImageReference, parseReference, withLatest } from "../../model/image-reference.ts";
import type { Dockerfile, DockerfileStage } from "../dockerfile/dockerfile.ts";
import type { DockerfileInstruction } from "../dockerfile/instruction.ts";
import { lexWord } from "../dockerfile/shell-lexer.ts";
import { formatSuggestion } from "../dockerfile/suggest-word.ts";
import type { DockerfileVariables } from "../dockerfile/variables.ts";
import { declareGlobals, lintArguments, lintPlatform } from "./lint/lint-stages.ts";
import type { Linter } from "./lint/linter.ts";
import { listMountFields } from "./run-mount.ts";
import { blameInstruction, SolveError, withLines } from "./solve-error.ts";
import { createUnsupportedError, type SolveOptions } from "./solve-options.ts";

/** Where files come from that are not the client's: another stage, an image, or nothing. */
export type StageSource =
  | { readonly kind: "scratch" }
  | { readonly kind: "stage"; readonly index: number }
  | { readonly kind: "image"; readonly reference: ImageReference }
  /** A name that the client has given another meaning: `--build-context`. */
  | { readonly kind: "context"; readonly name: string };

export interface StagePlan {
  readonly index: number;
  /** What stands before the numbers of its steps. Empty where there is one stage. */
  readonly label: string;
  readonly stage: DockerfileStage;
  readonly base: StageSource;
}

export interface DockerfilePlan {
  readonly dockerfile: Dockerfile;
  /** The arguments that stand before the first FROM, and those that every build has. */
  readonly globals: DockerfileVariables;
  /** All stages, needed or not. */
  readonly stages: readonly StagePlan[];
  readonly target: StagePlan;
  /** The stages that the target needs, itself included, in the order in which BuildKit comes to their FROM. */
  readonly needed: readonly StagePlan[];
}

/** The arguments that every build has (buildkit frontend/dockerfile/dockerfile2llb/platform.go). */
const PLATFORM_ARGS: readonly string[] = ["BUILD", "TARGET"].flatMap((side) => [
  `${side}PLATFORM=linux/amd64`,
  `${side}OS=linux`,
  `${side}OSVERSION=`,
  `${side}ARCH=amd64`,
  `${side}VARIANT=`,
]);

/** @throws SolveError for a target that does not exist, or stages that need each other */
export function planDockerfile(
  dockerfile: Dockerfile,
  options: SolveOptions,
  release: EngineRelease,
  linter: Linter,
): DockerfilePlan {
  const globals = readGlobals(dockerfile, options);
  const isLabelled = dockerfile.stages.length > 1 || hasForeignSources(dockerfile, options, release);
  const stages = dockerfile.stages.map((stage, index): StagePlan => {
    const label = isLabelled ? (stage.name ?? `stage-${index}`) : "";
    return { index, label, stage, base: planBase(dockerfile, index, { globals, options, linter }) };
  });
  const target = findTarget(stages, options.target);
  checkCircles(stages, options);
  const needed = options.isCheck && options.target === "" ? stages : findNeeded(stages, target, dockerfile, options);
  return { dockerfile, globals, stages, target, needed };
}

/** The arguments that stand before the first FROM, and those that every build has. */
function readGlobals({ globals, escapeMark, stages }: Dockerfile, { args, target }: SolveOptions): DockerfileVariables {
  const stage = target || stages.at(-1)?.name || "default";
  const own = [...PLATFORM_ARGS, `TARGETSTAGE=${stage}`].map((pair): [string, string] => {
    const [name = "", value = ""] = pair.split("=");
    return [name, args[name] ?? value];
  });
  return declareGlobals(globals, new Map(own), escapeMark, args);
}

/** @throws SolveError with the lines of FROM */
function planBase(
  { globals: head, stages, escapeMark }: Dockerfile,
  index: number,
  { globals, options, linter }: { globals: DockerfileVariables; options: SolveOptions; linter: Linter },
): StageSource {
  const { from } = stages[index] as DockerfileStage;
  const [written = ""] = from.args;
  const { text, unknown, error } = lexWord(written, { variables: globals, escapeMark });
  const declared = head.flatMap(({ args }) => args.map((word) => word.split("=")[0] as string));
  lintArguments(linter, from, unknown, { globals, declared });
  lintPlatform(linter, stages[index] as DockerfileStage, { globals, escapeMark });
  return blameInstruction(from, () => {
    if (error !== undefined) throw error;
    if (text === "") throw new SolveError(`base name (${written}) should not be blank`);
    return resolveSource(stages.slice(0, index), text, options);
  });
}

/** What a name in FROM or `--from` means. @throws ApiError for an invalid name of an image */
export function resolveSource(
  earlier: readonly DockerfileStage[],
  name: string,
  { namedImages, namedFolders }: SolveOptions,
): StageSource {
  if (namedImages[name] !== undefined || namedFolders[name] !== undefined) return { kind: "context", name };
  const index = earlier.findLastIndex((stage) => stage.name === name.toLowerCase());
  if (index !== -1) return { kind: "stage", index };
  if (name === "scratch") return { kind: "scratch" };
  return { kind: "image", reference: withLatest(parseStageName(name)) };
}

function parseStageName(name: string): ImageReference {
  try {
    return parseReference(name);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new SolveError(`failed to parse stage name ${JSON.stringify(name)}: ${error.message}`);
  }
}

/** The same for `--from`, which may be the number of a stage. */
export function resolveCopySource(
  stages: readonly DockerfileStage[],
  name: string,
  options: SolveOptions,
): StageSource {
  const isNumber = /^\d+$/.test(name) && Number(name) < stages.length;
  return isNumber ? { kind: "stage", index: Number(name) } : resolveSource(stages, name, options);
}

/** The names in `--from` of an instruction. */
export function listFromNames({ name, flags }: DockerfileInstruction): readonly string[] {
  const from = flags.get("from");
  const mounts = name === "run" ? listMountFields(flags.get("mount") ?? "") : [];
  const names = mounts.map((fields) => fields.get("from") ?? "").filter((one) => one !== "");
  return [...(from === undefined ? [] : [from]), ...names];
}

/** Sources of mounts and images in `--from` count as stages, so the steps name their stage. 20.10 looks at mounts later. */
function hasForeignSources({ stages }: Dockerfile, options: SolveOptions, release: EngineRelease): boolean {
  const isNewer = !isOlderEngine(release, "28");
  return stages.some(({ instructions }) =>
    instructions.some((instruction) => {
      if (isNewer && instruction.flags.has("mount")) return true;
      const from = instruction.flags.get("from");
      return from !== undefined && ["image", "context"].includes(resolveCopySource(stages, from, options).kind);
    }),
  );
}

function findTarget(stages: readonly StagePlan[], target: string): StagePlan {
  const found = target === "" ? stages.at(-1) : stages.findLast(({ stage }) => stage.name === target.toLowerCase());
  if (found !== undefined) return found;
  const names = stages.map(({ stage, index }) => stage.name ?? `stage-${index}`);
  throw new SolveError(`target stage ${JSON.stringify(target)} could not be found${formatSuggestion(target, names)}`);
}

/** @throws SolveError with the lines of all instructions on the way around */
function checkCircles(stages: readonly StagePlan[], options: SolveOptions): void {
  const parsed = stages.map(({ stage }) => stage);
  const visited = new Set<number>();
  const visit = (
    index: number,
    way: readonly number[],
    lines: readonly DockerfileInstruction[],
  ): readonly DockerfileInstruction[] | undefined => {
    if (way.includes(index)) return lines;
    if (visited.has(index)) return undefined;
    visited.add(index);
    const { instructions } = parsed[index] as DockerfileStage;
    for (const instruction of instructions) {
      for (const name of listFromNames(instruction)) {
        const source = resolveCopySource(parsed, name, options);
        const circle =
          source.kind === "stage" ? visit(source.index, [...way, index], [...lines, instruction]) : undefined;
        if (circle !== undefined) return circle;
      }
    }
    return undefined;
  };
  for (const { index, stage } of stages) {
    const circle = visit(index, [], []);
    if (circle === undefined) continue;
    const what = `circular dependency detected on stage: ${stage.name ?? `stage-${index}`}`;
    throw circle.reduce<unknown>(
      (error, { line, lastLine }) => withLines(error, { first: line, last: lastLine }),
      new SolveError(what),
    );
  }
}

function findNeeded(
  stages: readonly StagePlan[],
  target: StagePlan,
  { stages: parsed }: Dockerfile,
  options: SolveOptions,
): readonly StagePlan[] {
  const visited = new Set<number>();
  const needed: StagePlan[] = [];
  const visit = (source: StageSource): void => {
    if (source.kind !== "stage" || visited.has(source.index)) return;
    visited.add(source.index);
    const plan = stages[source.index] as StagePlan;
    const { base, stage } = plan;
    needed.push(plan);
    visit(base);
    for (const name of stage.instructions.flatMap(listFromNames)) visit(resolveCopySource(parsed, name, options));
  };
  visit({ kind: "stage", index: target.index });
  return needed;
}

/** The images that the needed stages begin from or copy from, by the name that FROM or `--from` has. */
export function listNeededImages(
  { needed, dockerfile }: DockerfilePlan,
  options: SolveOptions,
): readonly { readonly reference: ImageReference; readonly instruction: DockerfileInstruction }[] {
  return needed.flatMap(({ base, stage }) => {
    const others = stage.instructions.flatMap((instruction) =>
      listFromNames(instruction).map((name) => ({
        source: resolveCopySource(dockerfile.stages, name, options),
        instruction,
      })),
    );
    const all = [{ source: base, instruction: stage.from }, ...others];
    return all.flatMap(({ source, instruction }) =>
      source.kind === "image" ? [{ reference: source.reference, instruction }] : [],
    );
  });
}

/** The names of `--build-context` that the needed stages begin from or copy from. */
export function listContextNames({ needed, dockerfile }: DockerfilePlan, options: SolveOptions): readonly string[] {
  const sources = needed.flatMap(({ base, stage }) => [
    base,
    ...stage.instructions.flatMap(listFromNames).map((name) => resolveCopySource(dockerfile.stages, name, options)),
  ]);
  return sources.flatMap((source) => (source.kind === "context" ? [source.name] : []));
}

/** @throws SolveError for an instruction that the simulation has not */
export function checkInstruction({ name, flags, args }: DockerfileInstruction): void {
  if (name === "add" && args.some((arg) => /^(?:git@|git:\/\/|ssh:\/\/)|\.git(?:#|$)/.test(arg))) {
    throw createUnsupportedError("ADD of a git repository", "ADD of files, tars and web pages");
  }
  if (flags.has("device") || flags.get("security") === "insecure") {
    throw createUnsupportedError("RUN --device and --security=insecure", "RUN without them");
  }
}
