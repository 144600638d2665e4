import type { PackageTable } from "../../protobuf/schema.ts";

/** fsutil types/stat.proto and types/wire.proto: how file trees travel. */
export const FSUTIL: PackageTable = {
  package: "fsutil.types",
  enums: { PacketType: ["STAT", "REQ", "DATA", "FIN", "ERR"] },
  messages: {
    Stat: {
      1: ["path", "string"],
      2: ["mode", "uint32"],
      3: ["uid", "uint32"],
      4: ["gid", "uint32"],
      5: ["size", "int64"],
      6: ["modTime", "int64"],
      7: ["linkname", "string"],
      8: ["devmajor", "int64"],
      9: ["devminor", "int64"],
      10: ["xattrs", "map<string, bytes>"],
    },
    Packet: { 1: ["type", "PacketType"], 2: ["stat", "Stat"], 3: ["ID", "uint32"], 4: ["data", "bytes"] },
  },
};

/** buildkit session/filesync/filesync.proto and session/auth/auth.proto. */
export const FILE_SYNC: PackageTable = {
  package: "moby.filesync.v1",
  messages: {
    BytesMessage: { 1: ["data", "bytes"] },
    CredentialsRequest: { 1: ["Host", "string"] },
    CredentialsResponse: { 1: ["Username", "string"], 2: ["Secret", "string"] },
    FetchTokenRequest: {
      1: ["ClientID", "string"],
      2: ["Host", "string"],
      3: ["Realm", "string"],
      4: ["Service", "string"],
      5: ["Scopes", "repeated string"],
    },
    FetchTokenResponse: { 1: ["Token", "string"], 2: ["ExpiresIn", "int64"], 3: ["IssuedAt", "int64"] },
    GetTokenAuthorityRequest: { 1: ["Host", "string"], 2: ["Salt", "bytes"] },
    GetTokenAuthorityResponse: { 1: ["PublicKey", "bytes"] },
    VerifyTokenAuthorityRequest: { 1: ["Host", "string"], 2: ["Payload", "bytes"], 3: ["Salt", "bytes"] },
    VerifyTokenAuthorityResponse: { 1: ["Signed", "bytes"] },
  },
};

/** buildkit session/upload/upload.proto: the tar of `docker build -`. */
export const UPLOAD: PackageTable = {
  package: "moby.upload.v1",
  messages: { BytesMessage: { 1: ["data", "bytes"] } },
};

/** buildkit session/secrets/secrets.proto. */
export const SECRETS: PackageTable = {
  package: "moby.buildkit.secrets.v1",
  messages: {
    GetSecretRequest: { 1: ["ID", "string"], 2: ["annotations", "map<string, string>"] },
    GetSecretResponse: { 1: ["data", "bytes"] },
  },
};

/** buildkit session/sshforward/ssh.proto. */
export const SSH: PackageTable = {
  package: "moby.sshforward.v1",
  messages: {
    BytesMessage: { 1: ["data", "bytes"] },
    CheckAgentRequest: { 1: ["ID", "string"] },
    CheckAgentResponse: {},
  },
};

/** buildkit session/exporter/exporter.proto. */
export const SESSION_EXPORTER: PackageTable = {
  package: "moby.exporter.v1",
  messages: {
    FindExportersRequest: { 1: ["metadata", "map<string, bytes>"], 2: ["refs", "repeated string"] },
    FindExportersResponse: { 1: ["exporters", "repeated ExporterRequest"] },
    ExporterRequest: { 1: ["Type", "string"], 2: ["Attrs", "map<string, string>"] },
    FinalizeExportRequest: { 1: ["exporter_response", "map<string, string>"] },
    FinalizeExportResponse: {},
  },
};

/** grpc health/v1/health.proto: the daemon asks whether a session still stands. */
export const HEALTH: PackageTable = {
  package: "grpc.health.v1",
  enums: { ServingStatus: ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"] },
  messages: {
    HealthCheckRequest: { 1: ["service", "string"] },
    HealthCheckResponse: { 1: ["status", "ServingStatus"] },
  },
};
