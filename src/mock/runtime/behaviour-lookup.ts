/** Looks up the behaviours of a container. */

import type { Daemon } from "../../session/connection.ts";
import type { Disk } from "../../userland/files/disk.ts";
import type { Program, ProgramTable } from "../../userland/process/process.ts";
import type { Container } from "../model/container.ts";
import { writeFile } from "./behaviours/actor.ts";
import type { BehaviourTarget } from "./behaviours/behaviour-target.ts";
import { createPortDaemon } from "./behaviours/port-daemon.ts";
import { createDefaultPage, findPagePort } from "./default-page.ts";
import type { EngineRuntime } from "./engine-runtime.ts";

function toTarget({ config, name, argv }: Container, own: readonly string[] = argv): BehaviourTarget {
  return { image: config.Image, container: name, argv: own };
}

/** The behaviour's program for the main process. Undefined if the container runs its own. */
export function findMainProgram({ behaviours }: EngineRuntime, container: Container): Program | undefined {
  return behaviours.findMainProgram(toTarget(container));
}

/** The programs that a container can run. Those of behaviours come first. */
export function createPrograms({ behaviours, programs }: EngineRuntime, container: Container): ProgramTable {
  return {
    at: (path, file, argv) => programs.at(path, file, argv),
    named: (argv) => behaviours.findCommand(toTarget(container, argv)),
  };
}

/** The results of health checks that a behaviour sets. Undefined if the checks run. */
export function findHealthResults(
  { behaviours }: EngineRuntime,
  container: Container,
): readonly ("healthy" | "unhealthy")[] | undefined {
  return behaviours.findHealth(toTarget(container));
}

export function placeBehaviourFiles({ behaviours }: EngineRuntime, container: Container, disk: Disk): void {
  for (const [path, text] of Object.entries(behaviours.findFiles(toTarget(container)))) {
    writeFile({ disk }, path, Buffer.from(text));
  }
}

/** What serves a port: a behaviour, a web server's page, or silence at a port that is open on this machine. */
export function findPortDaemon(
  { behaviours, openPort }: EngineRuntime,
  container: Container,
  port: number,
): Daemon | undefined {
  const behaviour = behaviours.findPort(toTarget(container), port);
  if (behaviour !== undefined) return behaviour;
  if (findPagePort(container) === port) return createPortDaemon(createDefaultPage(container));
  const isPublished = openPort !== undefined && `${port}/tcp` in container.ports;
  return isPublished ? createPortDaemon("silent") : undefined;
}

/** The TCP ports with a listener: those of behaviours, and those that are open on this machine. */
export function listListeningPorts({ behaviours, openPort }: EngineRuntime, container: Container): readonly number[] {
  const published = openPort === undefined ? [] : Object.keys(container.ports).filter((port) => port.endsWith("/tcp"));
  const page = findPagePort(container);
  return [
    ...new Set([
      ...behaviours.listPorts(toTarget(container)),
      ...(page === undefined ? [] : [page]),
      ...published.map((port) => Number.parseInt(port, 10)),
    ]),
  ];
}
