import type { PackageTable } from "../../protobuf/schema.ts";

/** google/rpc/status.proto: what `grpc-status-details-bin` is. */
export const RPC_STATUS: PackageTable = {
  package: "google.rpc",
  messages: {
    Status: { 1: ["code", "int32"], 2: ["message", "string"], 3: ["details", "repeated google.protobuf.Any"] },
  },
};

export const ANY: PackageTable = {
  package: "google.protobuf",
  messages: { Any: { 1: ["type_url", "string"], 2: ["value", "bytes"] } },
};

/** buildkit solver/errdefs/errdefs.proto. BuildKit itself sends these details as JSON. */
export const ERRDEFS: PackageTable = {
  package: "errdefs",
  messages: {
    Vertex: { 1: ["digest", "string"] },
    Source: { 1: ["info", "pb.SourceInfo"], 2: ["ranges", "repeated pb.Range"] },
    Frontend: { 1: ["name", "string"], 2: ["source", "string"] },
    FrontendCap: { 1: ["name", "string"] },
    CompatibilityFeature: { 1: ["version", "int64"], 2: ["feature", "string"] },
    Subrequest: { 1: ["name", "string"] },
    Solve: {
      1: ["inputIDs", "repeated string"],
      2: ["mountIDs", "repeated string"],
      3: ["op", "bytes"],
      4: ["file", "oneof FileAction"],
      5: ["cache", "oneof ContentCache"],
      6: ["description", "map<string, string>"],
    },
    FileAction: { 1: ["index", "int64"] },
    ContentCache: { 1: ["index", "int64"] },
  },
};
