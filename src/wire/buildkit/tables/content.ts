import type { PackageTable } from "../../protobuf/schema.ts";

/** containerd api/services/content/v1/content.proto: how buildx reads provenance. */
export const CONTENT: PackageTable = {
  package: "containerd.services.content.v1",
  messages: {
    Info: {
      1: ["digest", "string"],
      2: ["size", "int64"],
      3: ["created_at", "google.protobuf.Timestamp"],
      4: ["updated_at", "google.protobuf.Timestamp"],
      5: ["labels", "map<string, string>"],
    },
    InfoRequest: { 1: ["digest", "string"] },
    InfoResponse: { 1: ["info", "Info"] },
    ReadContentRequest: { 1: ["digest", "string"], 2: ["offset", "int64"], 3: ["size", "int64"] },
    ReadContentResponse: { 1: ["offset", "int64"], 2: ["data", "bytes"] },
  },
};
