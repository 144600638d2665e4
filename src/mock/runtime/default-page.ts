/** What the simulated web servers show where no behaviour says it: enough to see that a port leads to the container. */
import { toBaseName } from "../../userland/files/path.ts";
import type { Container } from "../model/container.ts";
import type { PortBehaviour } from "./behaviours/behaviour.ts";

/** Main programs, and the port that each serves. */
const WEB_SERVERS: ReadonlyMap<string, number> = new Map([
  ["nginx", 80],
  ["httpd-foreground", 80],
]);

/** The port on which the container's main program serves the page; undefined for other programs. */
export function findPagePort({ argv }: Container): number | undefined {
  return WEB_SERVERS.get(toBaseName(argv[0] ?? ""));
}

export function createDefaultPage({ argv }: Container): PortBehaviour {
  const name = toBaseName(argv[0] ?? "");
  const body = `<!DOCTYPE html>
<title>${name} (simulated)</title>
<h1>${name} (simulated)</h1>
<p>A behaviour says what is served here: <code>ports: {80: {http: {body: hello}}}</code>.</p>
`;
  return { http: { "*": { headers: { "Content-Type": "text/html" }, body } } };
}
