/** The names of steps as BuildKit prints them (buildkit frontend/dockerfile/dockerfile2llb/convert.go). */
import { createHash } from "node:crypto";
import { type ImageReference, toFullName } from "../../model/image-reference.ts";
import { isWholeHeredoc } from "../dockerfile/heredoc.ts";
import type { DockerfileInstruction } from "../dockerfile/instruction.ts";
import { lexWord } from "../dockerfile/shell-lexer.ts";
import type { DockerfileVariables } from "../dockerfile/variables.ts";

/** `docker.io/library/busybox:latest`. */
export function formatImageName(reference: ImageReference): string {
  const { tag, digest } = reference;
  return `${toFullName(reference)}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** An instruction with the values of its variables: `RUN echo two` for `RUN echo $WHO`. A text without an end stays. */
export function formatStepName(
  { name, text, heredocs, rest }: DockerfileInstruction,
  variables: DockerfileVariables,
  escapeMark: string,
): string {
  const isRun = name === "run";
  const [heredoc] = heredocs;
  const summary = isRun && heredoc !== undefined && isWholeHeredoc(rest) ? ` (${summarizeText(heredoc.content)})` : "";
  const written = `${text}${summary}`;
  const { text: expanded, error } = lexWord(written, { variables, escapeMark, keepsQuotes: isRun, keepsUnset: isRun });
  const [command = "", ...others] = (error === undefined ? expanded : written).split(" ");
  return [command.toUpperCase(), ...others].join(" ");
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
