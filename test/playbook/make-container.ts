import type { ApiJson } from "../../src/mock/model/api-json.ts";
import type { Container } from "../../src/mock/model/container.ts";
import type { Engine } from "../../src/mock/operations/engine.ts";
import { createContainer } from "../../src/mock/operations/lifecycle/create-container.ts";

/** What differs from a plain busybox that sleeps. */
export interface ContainerSettings {
  readonly config?: ApiJson;
  readonly hostConfig?: ApiJson;
  readonly endpoints?: Readonly<Record<string, ApiJson>>;
}

export function makeContainer(
  engine: Engine,
  name: string,
  { config = {}, hostConfig = {}, endpoints = {} }: ContainerSettings = {},
): Container {
  const all = { Image: "busybox", Cmd: ["sleep", "600"], ...config };
  return createContainer(engine, name, { config: all, hostConfig, endpoints });
}
