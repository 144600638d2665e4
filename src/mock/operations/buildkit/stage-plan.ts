/** Finds out which stages of a Dockerfile a build needs, and from what each of them begins. */

import { type EngineRelease, isOlderEngine } from "../../model/engine-release.ts";
import { type ImageReference, parseReference, withLatest } from "../../model/image-reference.ts";
import { BuildArgs } from "../builder/build-args.ts";
import type { Dockerfile, DockerfileStage } from "../dockerfile/dockerfile.ts";
import { expandWord } from "../dockerfile/expand.ts";
import type { DockerfileInstruction } from "../dockerfile/instruction.ts";
import { parseRunMounts } from "./run-mount.ts";
import { SolveError } from "./solve-error.ts";
import { createUnsupportedError, type SolveOptions } from "./solve-options.ts";

/** Where files come from that are not the client's: another stage, an image, or nothing. */
export type StageSource =
  | { readonly kind: "scratch" }
  | { readonly kind: "stage"; readonly index: number }
  | { readonly kind: "image"; readonly reference: ImageReference };

export interface StagePlan {
  readonly index: number;
  /** What stands before the numbers of its steps. Empty where there is one stage. */
  readonly label: string;
  readonly stage: DockerfileStage;
  readonly base: StageSource;
}

export interface DockerfilePlan {
  readonly dockerfile: Dockerfile;
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

/** @throws SolveError for a target that does not exist; ApiError for a name that cannot be read */
export function planDockerfile(dockerfile: Dockerfile, options: SolveOptions, release: EngineRelease): DockerfilePlan {
  const args = createGlobalArgs(dockerfile, options);
  const isLabelled = dockerfile.stages.length > 1 || hasForeignSources(dockerfile, options, release);
  const stages = dockerfile.stages.map((stage, index): StagePlan => {
    const name = expandWord(stage.from.args[0] ?? "", args.globals, dockerfile.escapeMark);
    if (name === "") throw new SolveError(`base name (${stage.from.args[0]}) should not be blank`);
    const label = isLabelled ? (stage.name ?? `stage-${index}`) : "";
    return { index, label, stage, base: resolveSource(dockerfile.stages.slice(0, index), name, options) };
  });
  const target = findTarget(stages, options.target);
  return { dockerfile, stages, target, needed: findNeeded(stages, target, dockerfile, options) };
}

/** The arguments of a build with those that stand before the first FROM. */
export function createGlobalArgs({ globals, escapeMark }: Dockerfile, { args }: SolveOptions): BuildArgs {
  const result = new BuildArgs(args);
  result.declare({ args: PLATFORM_ARGS }, new Map(), escapeMark, true);
  for (const instruction of globals) result.declare(instruction, result.globals, escapeMark, true);
  return result;
}

/** What a name in FROM or `--from` means. @throws ApiError for an invalid name of an image */
export function resolveSource(
  earlier: readonly DockerfileStage[],
  name: string,
  { namedImages }: SolveOptions,
): StageSource {
  const index = earlier.findLastIndex((stage) => stage.name === name.toLowerCase());
  if (index !== -1) return { kind: "stage", index };
  if (name === "scratch") return { kind: "scratch" };
  return { kind: "image", reference: withLatest(parseReference(namedImages[name] ?? name)) };
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
  const mounts = name === "run" ? parseRunMounts(flags.get("mount") ?? "") : [];
  return [...(from === undefined ? [] : [from]), ...mounts.flatMap((mount) => (mount.from === "" ? [] : [mount.from]))];
}

/** Sources of mounts and images in `--from` count as stages, so the steps name their stage. 20.10 looks at mounts later. */
function hasForeignSources({ stages }: Dockerfile, options: SolveOptions, release: EngineRelease): boolean {
  const isNewer = !isOlderEngine(release, "28");
  return stages.some(({ instructions }) =>
    instructions.some((instruction) => {
      if (isNewer && instruction.flags.has("mount")) return true;
      const from = instruction.flags.get("from");
      return from !== undefined && resolveCopySource(stages, from, options).kind === "image";
    }),
  );
}

function findTarget(stages: readonly StagePlan[], target: string): StagePlan {
  const named = stages.findLast(({ stage }) => stage.name === target.toLowerCase());
  const found = target === "" ? stages.at(-1) : (named ?? (/^\d+$/.test(target) ? stages[Number(target)] : undefined));
  if (found === undefined) throw new SolveError(`target stage ${JSON.stringify(target)} could not be found`);
  return found;
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
    for (const name of stage.instructions.flatMap(listFromNames))
      visit(resolveCopySource(parsed.slice(0, source.index), name, options));
  };
  visit({ kind: "stage", index: target.index });
  return needed;
}

/** The images that the needed stages begin from or copy from, by the name that FROM or `--from` has. */
export function listNeededImages(
  { needed, dockerfile }: DockerfilePlan,
  options: SolveOptions,
): readonly { readonly reference: ImageReference; readonly instruction: DockerfileInstruction }[] {
  return needed.flatMap(({ base, stage, index }) => {
    const others = stage.instructions.flatMap((instruction) =>
      listFromNames(instruction).map((name) => ({
        source: resolveCopySource(dockerfile.stages.slice(0, index), name, options),
        instruction,
      })),
    );
    const all = [{ source: base, instruction: stage.from }, ...others];
    return all.flatMap(({ source, instruction }) =>
      source.kind === "image" ? [{ reference: source.reference, instruction }] : [],
    );
  });
}

/** @throws SolveError for an instruction that the simulation has not */
export function checkInstruction({ name, flags, args }: DockerfileInstruction): void {
  if (name === "add" && args.some((arg) => /^(?:git@|git:\/\/|ssh:\/\/)|\.git(?:#|$)/.test(arg))) {
    throw createUnsupportedError("ADD of a git repository", "ADD of files, tars and web pages");
  }
  const unknown = ["parents", "exclude"].find((flag) => flags.has(flag));
  if (unknown !== undefined) throw createUnsupportedError(`--${unknown}`, "COPY without it");
  if (flags.has("device") || flags.get("security") === "insecure") {
    throw createUnsupportedError("RUN --device and --security=insecure", "RUN without them");
  }
}
