/** `whalesong/intercept`: cassettes in the process of the test, and the parts they are made of. */
export {
  type Interception,
  type InterceptOptions,
  intercept,
  listUsualAddresses,
  runInScope,
  withoutInterception,
} from "../io/intercept/intercept.ts";
export { MODES, type Mode, type ResolvedMode, readMode, resolveMode } from "../modes/mode.ts";
export { createPassthroughService } from "../modes/passthrough.ts";
export { createRecordService } from "../modes/record.ts";
export { createReplayService } from "../modes/replay.ts";
export type { ModeService, ServiceOptions } from "../modes/service.ts";
export { type CassetteOptions, insertCassette } from "./insert-cassette.ts";
export type { InsertedCassette } from "./inserted-cassette.ts";
export type { CassetteReport } from "./test-result.ts";
export { useCassette } from "./use-cassette.ts";
