/** Checks the names of containers (moby daemon/names.go). */
import { badParameter, conflictError } from "../../model/api-error.ts";
import type { Engine } from "../engine.ts";

/** Which names a container may have. */
export interface NameRule {
  readonly pattern: RegExp;
  /** The rule, as the error message shows it. */
  readonly allowed: string;
}

const NAME_RULE: NameRule = { pattern: /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, allowed: "[a-zA-Z0-9][a-zA-Z0-9_.-]" };

/** Returns the name without its slash. @throws ApiError 400 for an invalid name, 409 for a taken one */
export function checkName(engine: Engine, requested: string, { pattern: fits, allowed }: NameRule = NAME_RULE): string {
  const name = requested.replace(/^\//, "");
  if (!fits.test(name)) throw badParameter(`Invalid container name (${requested}), only ${allowed} are allowed`);
  const other = engine.containers.getByName(name);
  if (other === undefined) return name;
  const reason = `The container name "/${name}" is already in use by container "${other.id}".`;
  throw conflictError(
    `Conflict. ${reason} You have to remove (or rename) that container to be able to reuse that name.`,
  );
}
