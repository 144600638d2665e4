import { createSchema, type PackageTable, type ProtobufSchema } from "../protobuf/schema.ts";
import { CONTENT } from "./tables/content.ts";
import { BUILD_HISTORY, CONTROL, WORKERS } from "./tables/control.ts";
import { ANY, ERRDEFS, RPC_STATUS } from "./tables/errors.ts";
import { API_CAPS, FRONTEND, LLB, SOURCE_POLICY } from "./tables/frontend.ts";
import { FILE_SYNC, FSUTIL, HEALTH, SECRETS, SESSION_EXPORTER, SSH, UPLOAD } from "./tables/session.ts";

/** All messages that a build exchanges, but OpenTelemetry's. Field numbers and names are the protocol's. */
export const BUILDKIT_TABLES: readonly PackageTable[] = [
  CONTROL,
  BUILD_HISTORY,
  WORKERS,
  FRONTEND,
  API_CAPS,
  SOURCE_POLICY,
  LLB,
  FSUTIL,
  FILE_SYNC,
  UPLOAD,
  SECRETS,
  SSH,
  SESSION_EXPORTER,
  HEALTH,
  RPC_STATUS,
  ANY,
  ERRDEFS,
  CONTENT,
];

export const BUILDKIT_SCHEMA: ProtobufSchema = createSchema(BUILDKIT_TABLES);
