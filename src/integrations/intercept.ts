/** `whalesong/intercept`: cassettes in one's own process, and what they are made of. */
export {
  type Interception,
  type InterceptOptions,
  inScope,
  intercept,
  outside,
  usualAddresses,
} from "../io/intercept/intercept.ts";
export { MODES, type Mode, modeOf, type SettledMode, settledMode } from "../modes/mode.ts";
export { passService } from "../modes/pass.ts";
export { recordService } from "../modes/record.ts";
export { replayService } from "../modes/replay.ts";
export type { Service, ServiceOptions } from "../modes/service.ts";
export { type CassetteOptions, insertCassette } from "./insert.ts";
export type { InsertedCassette } from "./inserted.ts";
export { useCassette } from "./use-cassette.ts";
export type { CassetteReport } from "./verdict.ts";
