/** Images as the documents show them: in a list, in an inspection. */
import type { JsonShape } from "../json-shape.ts";

export const LISTED_OF_OLD: JsonShape = {
  RepoTags: ["text"],
  Id: "text",
  ParentId: "text",
  Created: "number",
  Size: "number",
  VirtualSize: "number",
};

export const LISTED_WITH_DIGESTS: JsonShape = { ...LISTED_OF_OLD, RepoDigests: "list?" };

const SETTINGS = {
  Hostname: "text",
  User: "text",
  AttachStdin: "flag",
  AttachStdout: "flag",
  AttachStderr: "flag",
  Tty: "flag",
  OpenStdin: "flag",
  StdinOnce: "flag",
  Env: "list?",
  Cmd: "list?",
  Image: "text",
  Volumes: "map?",
  WorkingDir: "text",
} as const satisfies JsonShape;

export const INSPECTED_OF_OLD: JsonShape = {
  id: "text",
  parent: "text",
  created: "text",
  container: "text",
  container_config: {
    ...SETTINGS,
    Memory: "number",
    MemorySwap: "number",
    PortSpecs: "list?",
    Dns: "list?",
    VolumesFrom: "text",
  },
  Size: "number",
};

const WITH_LABELS = { ...SETTINGS, Labels: "map?" } as const satisfies JsonShape;

const INSPECTED = {
  Created: "text",
  Container: "text",
  Id: "text",
  Parent: "text",
  Size: "number",
} as const satisfies JsonShape;

export const INSPECTED_1_18: JsonShape = {
  ...INSPECTED,
  ContainerConfig: { ...WITH_LABELS, Dns: "list?", VolumesFrom: "text" },
};

const SETTINGS_1_21 = {
  ...WITH_LABELS,
  Domainname: "text",
  PublishService: "text",
  NetworkDisabled: "flag",
  OnBuild: "list?",
  Entrypoint: "list?",
  MacAddress: "text",
  ExposedPorts: "map?",
} as const satisfies JsonShape;

export const INSPECTED_1_21: JsonShape = {
  ...INSPECTED,
  Comment: "text",
  Os: "text",
  Architecture: "text",
  DockerVersion: "text",
  VirtualSize: "number",
  Author: "text",
  GraphDriver: { Name: "text", Data: "map?" },
  RepoDigests: "list?",
  RepoTags: ["text"],
  ContainerConfig: SETTINGS_1_21,
  Config: SETTINGS_1_21,
};

export const STEP_OF_OLD: JsonShape = { Id: "text", Created: "number", CreatedBy: "text" };
export const STEP_1_21: JsonShape = { ...STEP_OF_OLD, Tags: "list?", Size: "number", Comment: "text" };
