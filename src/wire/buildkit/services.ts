/** The gRPC methods of a build: what they exchange, and which side calls them. */

export interface MethodShape {
  /** Full message names of `BUILDKIT_SCHEMA`; undefined for what is never decoded. */
  readonly request: string | undefined;
  readonly response: string | undefined;
  /** Which direction has many messages. */
  readonly streaming: "none" | "request" | "response" | "both";
  /** The client of the Engine API, on /grpc; or the daemon, on a session. */
  readonly caller: "client" | "daemon";
}

type MethodRow = readonly [method: string, request: string, response: string, streaming?: MethodShape["streaming"]];

const CONTROL: readonly MethodRow[] = [
  ["DiskUsage", "DiskUsageRequest", "DiskUsageResponse"],
  ["Prune", "PruneRequest", "UsageRecord", "response"],
  ["Solve", "SolveRequest", "SolveResponse"],
  ["Status", "StatusRequest", "StatusResponse", "response"],
  ["Session", "BytesMessage", "BytesMessage", "both"],
  ["ListWorkers", "ListWorkersRequest", "ListWorkersResponse"],
  ["Info", "InfoRequest", "InfoResponse"],
  ["ListenBuildHistory", "BuildHistoryRequest", "BuildHistoryEvent", "response"],
  ["UpdateBuildHistory", "UpdateBuildHistoryRequest", "UpdateBuildHistoryResponse"],
];

const FRONTEND: readonly MethodRow[] = [
  ["ResolveImageConfig", "ResolveImageConfigRequest", "ResolveImageConfigResponse"],
  ["Solve", "SolveRequest", "SolveResponse"],
  ["ReadFile", "ReadFileRequest", "ReadFileResponse"],
  ["ReadDir", "ReadDirRequest", "ReadDirResponse"],
  ["StatFile", "StatFileRequest", "StatFileResponse"],
  ["Evaluate", "EvaluateRequest", "EvaluateResponse"],
  ["Ping", "PingRequest", "PongResponse"],
  ["Return", "ReturnRequest", "ReturnResponse"],
  ["Inputs", "InputsRequest", "InputsResponse"],
  ["Warn", "WarnRequest", "WarnResponse"],
];

const AUTH: readonly MethodRow[] = [
  ["Credentials", "CredentialsRequest", "CredentialsResponse"],
  ["FetchToken", "FetchTokenRequest", "FetchTokenResponse"],
  ["GetTokenAuthority", "GetTokenAuthorityRequest", "GetTokenAuthorityResponse"],
  ["VerifyTokenAuthority", "VerifyTokenAuthorityRequest", "VerifyTokenAuthorityResponse"],
];

const SSH: readonly MethodRow[] = [
  ["CheckAgent", "CheckAgentRequest", "CheckAgentResponse"],
  ["ForwardAgent", "BytesMessage", "BytesMessage", "both"],
];

const EXPORTER: readonly MethodRow[] = [
  ["FindExporters", "FindExportersRequest", "FindExportersResponse"],
  ["FinalizeExport", "FinalizeExportRequest", "FinalizeExportResponse"],
];

const CONTENT: readonly MethodRow[] = [
  ["Info", "InfoRequest", "InfoResponse"],
  ["Read", "ReadContentRequest", "ReadContentResponse", "response"],
];

const PACKET = "fsutil.types.Packet";

/**
 * By full method name, as it stands in `:path`. The messages of FileSend/DiffCopy are packets when a tree is
 * exported and BytesMessages when a tar is: `isFilePacket` of ./files/file-packet.ts tells which.
 */
export const BUILDKIT_METHODS: ReadonlyMap<string, MethodShape> = new Map([
  ...listMethods("moby.buildkit.v1", "Control", "client", CONTROL),
  ...listMethods("moby.buildkit.v1.frontend", "LLBBridge", "client", FRONTEND),
  ...listMethods("containerd.services.content.v1", "Content", "client", CONTENT),
  ...listMethods("moby.filesync.v1", "FileSend", "daemon", [["DiffCopy", "BytesMessage", "BytesMessage", "both"]]),
  ...listMethods("moby.filesync.v1", "Auth", "daemon", AUTH),
  ...listMethods("moby.upload.v1", "Upload", "daemon", [["Pull", "BytesMessage", "BytesMessage", "both"]]),
  ...listMethods("moby.buildkit.secrets.v1", "Secrets", "daemon", [
    ["GetSecret", "GetSecretRequest", "GetSecretResponse"],
  ]),
  ...listMethods("moby.sshforward.v1", "SSH", "daemon", SSH),
  ...listMethods("moby.exporter.v1", "Exporter", "daemon", EXPORTER),
  ...listMethods("grpc.health.v1", "Health", "daemon", [["Check", "HealthCheckRequest", "HealthCheckResponse"]]),
  ["/moby.filesync.v1.FileSync/DiffCopy", { request: PACKET, response: PACKET, streaming: "both", caller: "daemon" }],
  ["/moby.filesync.v1.FileSync/TarStream", { request: PACKET, response: PACKET, streaming: "both", caller: "daemon" }],
  [
    "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    { request: undefined, response: undefined, streaming: "none", caller: "client" },
  ],
]);

function listMethods(
  home: string,
  service: string,
  caller: MethodShape["caller"],
  rows: readonly MethodRow[],
): [string, MethodShape][] {
  return rows.map(([method, request, response, streaming = "none"]) => [
    `/${home}.${service}/${method}`,
    { request: `${home}.${request}`, response: `${home}.${response}`, streaming, caller },
  ]);
}
