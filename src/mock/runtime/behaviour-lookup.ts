/** What behaviours have to say about a container: which part it plays. */

import type { Daemon } from "../../session/connection.ts";
import type { Disk } from "../../userland/files/disk.ts";
import type { Program, Programs } from "../../userland/process/process.ts";
import type { Container } from "../model/container.ts";
import { writeFile } from "./behaviours/actor.ts";
import type { Wanted } from "./behaviours/match.ts";
import { daemonAt } from "./behaviours/port.ts";
import type { EngineRuntime } from "./engine-runtime.ts";

function wanted({ config, name, argv }: Container, own: readonly string[] = argv): Wanted {
  return { image: config.Image, container: name, argv: own };
}

/** What its first process runs, where that is not the world's business. */
export function partOf({ behaviours }: EngineRuntime, container: Container): Program | undefined {
  return behaviours.mainProgram(wanted(container));
}

/** The programs that are found in it: first those that behaviours know. */
export function programsIn({ behaviours, programs }: EngineRuntime, container: Container): Programs {
  return {
    at: (path, file, argv) => programs.at(path, file, argv),
    named: (argv) => behaviours.command(wanted(container, argv)),
  };
}

/** How its health checks end, where they are not to be run. */
export function healthOf(
  { behaviours }: EngineRuntime,
  container: Container,
): readonly ("healthy" | "unhealthy")[] | undefined {
  return behaviours.health(wanted(container));
}

export function placeFiles({ behaviours }: EngineRuntime, container: Container, disk: Disk): void {
  for (const [path, text] of Object.entries(behaviours.files(wanted(container)))) {
    writeFile({ disk }, path, Buffer.from(text));
  }
}

/** Who answers at one of its ports, where a behaviour says so, or where the port is open to this machine. */
export function answerAt(
  { behaviours, opensPorts }: EngineRuntime,
  container: Container,
  port: number,
): Daemon | undefined {
  const isOpen = opensPorts !== undefined && `${port}/tcp` in container.ports;
  return behaviours.port(wanted(container), port) ?? (isOpen ? daemonAt("silent") : undefined);
}

/** The TCP ports that somebody listens at: those of behaviours, and all that can be reached from this machine. */
export function listeningPorts({ behaviours, opensPorts }: EngineRuntime, container: Container): readonly number[] {
  const reached = opensPorts === undefined ? [] : Object.keys(container.ports).filter((port) => port.endsWith("/tcp"));
  return [...new Set([...behaviours.ports(wanted(container)), ...reached.map((port) => Number.parseInt(port, 10))])];
}
