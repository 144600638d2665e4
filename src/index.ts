/**
 * `whalesong`: what a test needs to record and replay Docker. The simulated daemon is `whalesong/mock`, the parts that
 * the modes are made of are `whalesong/core`.
 */
export { CassetteError, EnvironmentError, UsageError, WhalesongError, WireError } from "./base/errors.ts";
export type { FaultLiteral } from "./faults/fault.ts";
export { type ImportReport, importFile } from "./integrations/import-file.ts";
export { type CassetteOptions, insertCassette } from "./integrations/insert-cassette.ts";
export type { InsertedCassette } from "./integrations/inserted-cassette.ts";
export type { CassetteReport } from "./integrations/test-result.ts";
export { useCassette } from "./integrations/use-cassette.ts";
export type { Upstream } from "./io/upstream/upstream.ts";
export type { RuleInput } from "./match/rules/resolve-rules.ts";
export type { Mode, ResolvedMode } from "./modes/mode.ts";
export { type RecordOptions, record } from "./modes/record.ts";
export { type ReplayOptions, replayCassettes } from "./modes/replay.ts";
export type { RunningServer } from "./modes/service.ts";
export type { InProcessDaemon } from "./modes/upstream-connection.ts";
export type { PlayedCount, RecordingReport } from "./record/write/tape.ts";
export type { Miss } from "./replay/miss.ts";
export { parseTempo, type Tempo } from "./replay/play/tempo.ts";
export type { ReplayReport } from "./replay/report.ts";
export type { RedactedCandidate, RedactionInput } from "./secrets/redaction-rules.ts";
export { version } from "./version.ts";
