/** A recording that is tried only because there is no cassette, on a machine without Docker. */
import { existsSync } from "node:fs";
import { EnvironmentError } from "../base/errors.ts";
import { describeOtherSpelling } from "../io/fold-path.ts";
import { toTypedPath } from "../io/typed-path.ts";
import { type Mode, readMode, resolveMode } from "./mode.ts";

const UNREACHABLE = "WHALESONG_UPSTREAM_UNREACHABLE";

/**
 * Runs `startRecording`. If its daemon cannot be reached, and a cassette would have been replayed, the error says first
 * that there is none: a clone of a project has it unless it was forgotten.
 * @param named the mode that an option names
 * @throws what `startRecording` throws
 */
export async function explainMissingCassette<T>(
  { path, named, env }: { readonly path: string; readonly named: Mode | undefined; readonly env: NodeJS.ProcessEnv },
  startRecording: () => Promise<T>,
): Promise<T> {
  const isMissing = !existsSync(path) && resolveMode(named ?? readMode(env), true) !== "record";
  try {
    return await startRecording();
  } catch (error) {
    throw isMissing && error instanceof EnvironmentError && error.code === UNREACHABLE
      ? createMissingError(path, error)
      : error;
  }
}

function createMissingError(path: string, error: EnvironmentError): EnvironmentError {
  const why = `there is no cassette at \`${toTypedPath(path)}\`${describeOtherSpelling(path)}, so this run would record it from a daemon; commit the cassette where it was recorded, or start Docker`;
  return new EnvironmentError(UNREACHABLE, `${why}: ${error.message}`, {
    cause: error.cause,
    fields: { ...error.fields, path },
  });
}
