import type { PackageTable } from "../../protobuf/schema.ts";

/** buildkit frontend/gateway/pb/gateway.proto: how buildx runs the Dockerfile frontend through the daemon. */
export const FRONTEND: PackageTable = {
  package: "moby.buildkit.v1.frontend",
  enums: { AttestationKind: ["InToto", "Bundle"], InTotoSubjectKind: ["Self", "Raw"] },
  messages: {
    Result: {
      1: ["refDeprecated", "oneof string"],
      2: ["refsDeprecated", "oneof RefMapDeprecated"],
      3: ["ref", "oneof Ref"],
      4: ["refs", "oneof RefMap"],
      10: ["metadata", "map<string, bytes>"],
      12: ["attestations", "map<string, Attestations>"],
    },
    RefMapDeprecated: { 1: ["refs", "map<string, string>"] },
    Ref: { 1: ["id", "string"], 2: ["def", "pb.Definition"] },
    RefMap: { 1: ["refs", "map<string, Ref>"] },
    Attestations: { 1: ["attestation", "repeated Attestation"] },
    Attestation: {
      1: ["kind", "AttestationKind"],
      2: ["metadata", "map<string, bytes>"],
      3: ["ref", "Ref"],
      4: ["path", "string"],
      5: ["inTotoPredicateType", "string"],
      6: ["inTotoSubjects", "repeated InTotoSubject"],
    },
    InTotoSubject: { 1: ["kind", "InTotoSubjectKind"], 2: ["digest", "repeated string"], 3: ["name", "string"] },
    ReturnRequest: { 1: ["result", "Result"], 2: ["error", "google.rpc.Status"] },
    ReturnResponse: {},
    InputsRequest: {},
    InputsResponse: { 1: ["Definitions", "map<string, pb.Definition>"] },
    ResolveImageConfigRequest: {
      1: ["Ref", "string"],
      2: ["Platform", "pb.Platform"],
      3: ["ResolveMode", "string"],
      4: ["LogName", "string"],
      5: ["ResolverType", "int32"],
      6: ["SessionID", "string"],
      7: ["StoreID", "string"],
      8: ["SourcePolicies", "repeated moby.buildkit.v1.sourcepolicy.Policy"],
    },
    ResolveImageConfigResponse: { 1: ["Digest", "string"], 2: ["Config", "bytes"], 3: ["Ref", "string"] },
    SolveRequest: {
      1: ["Definition", "pb.Definition"],
      2: ["Frontend", "string"],
      3: ["FrontendOpt", "map<string, string>"],
      5: ["allowResultReturn", "bool"],
      6: ["allowResultArrayRef", "bool"],
      10: ["Final", "bool"],
      11: ["ExporterAttr", "bytes"],
      12: ["CacheImports", "repeated CacheOptionsEntry"],
      13: ["FrontendInputs", "map<string, pb.Definition>"],
      14: ["Evaluate", "bool"],
      15: ["SourcePolicies", "repeated moby.buildkit.v1.sourcepolicy.Policy"],
    },
    CacheOptionsEntry: { 1: ["Type", "string"], 2: ["Attrs", "map<string, string>"] },
    SolveResponse: { 1: ["ref", "string"], 3: ["result", "Result"] },
    ReadFileRequest: {
      1: ["Ref", "string"],
      2: ["FilePath", "string"],
      3: ["Range", "FileRange"],
      4: ["MountIndex", "int32"],
    },
    FileRange: { 1: ["Offset", "int64"], 2: ["Length", "int64"] },
    ReadFileResponse: { 1: ["Data", "bytes"] },
    ReadDirRequest: {
      1: ["Ref", "string"],
      2: ["DirPath", "string"],
      3: ["IncludePattern", "string"],
      4: ["MountIndex", "int32"],
    },
    ReadDirResponse: { 1: ["entries", "repeated fsutil.types.Stat"] },
    StatFileRequest: { 1: ["Ref", "string"], 2: ["Path", "string"], 3: ["MountIndex", "int32"] },
    StatFileResponse: { 1: ["stat", "fsutil.types.Stat"] },
    EvaluateRequest: { 1: ["Ref", "string"] },
    EvaluateResponse: {},
    PingRequest: {},
    PongResponse: {
      1: ["FrontendAPICaps", "repeated moby.buildkit.v1.apicaps.APICap"],
      2: ["LLBCaps", "repeated moby.buildkit.v1.apicaps.APICap"],
      3: ["Workers", "repeated moby.buildkit.v1.types.WorkerRecord"],
    },
    WarnRequest: {
      1: ["digest", "string"],
      2: ["level", "int64"],
      3: ["short", "bytes"],
      4: ["detail", "repeated bytes"],
      5: ["url", "string"],
      6: ["info", "pb.SourceInfo"],
      7: ["ranges", "repeated pb.Range"],
    },
    WarnResponse: {},
  },
};

/** buildkit util/apicaps/pb/caps.proto. */
export const API_CAPS: PackageTable = {
  package: "moby.buildkit.v1.apicaps",
  messages: {
    APICap: {
      1: ["ID", "string"],
      2: ["Enabled", "bool"],
      3: ["Deprecated", "bool"],
      4: ["DisabledReason", "string"],
      5: ["DisabledReasonMsg", "string"],
      6: ["DisabledAlternative", "string"],
    },
  },
};

/** buildkit sourcepolicy/pb/policy.proto. */
export const SOURCE_POLICY: PackageTable = {
  package: "moby.buildkit.v1.sourcepolicy",
  enums: {
    PolicyAction: ["ALLOW", "DENY", "CONVERT"],
    AttrMatch: ["EQUAL", "NOTEQUAL", "MATCHES"],
    MatchType: ["WILDCARD", "EXACT", "REGEX"],
  },
  messages: {
    Policy: { 1: ["version", "int64"], 2: ["rules", "repeated Rule"] },
    Rule: { 1: ["action", "PolicyAction"], 2: ["selector", "Selector"], 3: ["updates", "Update"] },
    Update: { 1: ["identifier", "string"], 2: ["attrs", "map<string, string>"] },
    Selector: {
      1: ["identifier", "string"],
      2: ["match_type", "MatchType"],
      3: ["constraints", "repeated AttrConstraint"],
    },
    AttrConstraint: { 1: ["key", "string"], 2: ["value", "string"], 3: ["condition", "AttrMatch"] },
  },
};

/**
 * buildkit solver/pb/ops.proto. Of a definition only the outer fields: its operations, and what is known of them, stay
 * bytes. Nothing that a client compares is in there.
 */
export const LLB: PackageTable = {
  package: "pb",
  messages: {
    Definition: { 1: ["def", "repeated bytes"], 2: ["metadata", "map<string, bytes>"], 3: ["Source", "bytes"] },
    Platform: {
      1: ["Architecture", "string"],
      2: ["OS", "string"],
      3: ["Variant", "string"],
      4: ["OSVersion", "string"],
      5: ["OSFeatures", "repeated string"],
    },
    ProgressGroup: { 1: ["id", "string"], 2: ["name", "string"], 3: ["weak", "bool"] },
    SourceInfo: {
      1: ["filename", "string"],
      2: ["data", "bytes"],
      3: ["definition", "Definition"],
      4: ["language", "string"],
    },
    Range: { 1: ["start", "Position"], 2: ["end", "Position"] },
    Position: { 1: ["line", "int32"], 2: ["character", "int32"] },
  },
};
