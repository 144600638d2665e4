/** The names of steps as BuildKit prints them (buildkit frontend/dockerfile/dockerfile2llb/convert.go). */
import { createHash } from "node:crypto";
import { type ImageReference, toFullName } from "../../model/image-reference.ts";
import type { DockerfileInstruction } from "../dockerfile/instruction.ts";
import type { DockerfileVariables } from "../dockerfile/variables.ts";

/** `docker.io/library/busybox:latest`. */
export function formatImageName(reference: ImageReference): string {
  const { tag, digest } = reference;
  return `${toFullName(reference)}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** An instruction with the values of its variables: `RUN echo two` for `RUN echo $WHO`. */
export function formatInstruction({ text, heredocs }: DockerfileInstruction, variables: DockerfileVariables): string {
  const [name = ""] = /^\S+/.exec(text) ?? [];
  const [heredoc] = heredocs;
  const isRun = name.toLowerCase() === "run";
  const summary = heredoc === undefined || !isRun ? "" : ` (${summarizeText(heredoc.content)})`;
  return `${name.toUpperCase()}${replaceVariables(text.slice(name.length), variables)}${summary}`;
}

/** Variables that are not set, and quotes, stay as they are. */
function replaceVariables(text: string, variables: DockerfileVariables): string {
  return text.replace(
    /'[^']*'|\\.|\$(?:\{(\w+)\}|([A-Za-z_]\w*))/gs,
    (whole, braced?: string, plain?: string) => variables.get(braced ?? plain ?? "") ?? whole,
  );
}

function summarizeText(text: string): string {
  const [first = "", ...rest] = text.trim().split("\n");
  return rest.length === 0 ? first : `${first}...`;
}

/** `[stage-1 2/4] `, or `[2/4] ` in a Dockerfile of one stage. The numbers are as wide as the total. */
export function formatStepPrefix(stage: string, index: number, total: number): string {
  const label = stage === "" ? "" : `${stage} `;
  return `[${label}${`${index}`.padStart(`${total}`.length)}/${total}] `;
}

/** The digest of a vertex: of all that defines it, its inputs included. */
export function toVertexDigest(...definition: readonly unknown[]): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(definition)).digest("hex")}`;
}
