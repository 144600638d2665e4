/** Collects the environment variables of a container's process. */
import { DEFAULT_PATH } from "../../userland/process/find-program.ts";
import type { Container } from "../model/container.ts";
import type { EngineRuntime } from "./engine-runtime.ts";
import { formatLinkVariables } from "./links.ts";

/** The daemon's own variables, then those of links, of the container and of the exec; later ones win. `HOME` is a default. */
export function createEnvironment(
  engine: EngineRuntime,
  container: Container,
  { isTty, more = [], home }: { readonly isTty: boolean; readonly more?: readonly string[]; readonly home: string },
): Record<string, string> {
  const { config } = container;
  const own = [`PATH=${DEFAULT_PATH}`, `HOSTNAME=${config.Hostname}`, ...(isTty ? ["TERM=xterm"] : [])];
  const variables: Record<string, string> = {};
  for (const pair of [...own, ...formatLinkVariables(engine, container), ...(config.Env ?? []), ...more]) {
    const equals = pair.indexOf("=");
    // A name without `=` removes the variable.
    if (equals === -1) delete variables[pair];
    else variables[pair.slice(0, equals)] = pair.slice(equals + 1);
  }
  return "HOME" in variables ? variables : { ...variables, HOME: home };
}
