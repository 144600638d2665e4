/** What the options of a simulated daemon may be. */
import { bytesKind, flagKind, functionKind, textKind, textListKind, timeKind } from "../base/options/common-kinds.ts";
import {
  chosenKind,
  isRecord,
  listOf,
  type OptionKind,
  type OptionKinds,
  recordOf,
} from "../base/options/option-kind.ts";
import { ENGINE } from "../mock/daemon/engine-kinds.ts";
import { imageKind, listOfState, STATE } from "../mock/daemon/fixtures/state-kinds.ts";
import type { StateLiteral } from "../mock/daemon/fixtures/state-literal.ts";
import { faultsKind, LISTEN_TARGET } from "./mode-kinds.ts";
import type { ListenTarget } from "./service.ts";

const { engine, seed, minApi, corsHeader, registry, pages, onFault, onMissingFeature, startupMs } = ENGINE;

type SimulationNames =
  | keyof StateLiteral
  | "engine"
  | "seed"
  | "minApi"
  | "corsHeader"
  | "registry"
  | "pages"
  | "onFault"
  | "onMissingFeature"
  | "startupMs"
  | "now"
  | "answersPorts"
  | "readsHostFiles"
  | "realRegistries"
  | "state"
  | "faults"
  | "only";

/** Of `SimulationOptions`. */
export const SIMULATION: OptionKinds<SimulationNames> = {
  ...STATE,
  ...{ engine, seed, minApi, corsHeader, registry, pages, onFault, onMissingFeature, startupMs },
  now: timeKind,
  answersPorts: flagKind,
  readsHostFiles: flagKind,
  realRegistries: textListKind,
  state: textKind,
  faults: faultsKind,
  only: textListKind,
};

const tarKind: OptionKind = recordOf({ name: textKind, tar: bytesKind }, "an image (an object)", ["name"]);
const imageOrTarKind: OptionKind = chosenKind(imageKind.expected, (value) =>
  isRecord(value) && "tar" in value ? tarKind : imageKind,
);
const inProcessKind: OptionKind = chosenKind("true, false or a list of addresses", (value) =>
  Array.isArray(value) ? listOf(textKind, "a list of addresses") : flagKind,
);

/** Of `MockOptions`. */
export const MOCK: OptionKinds<SimulationNames | keyof ListenTarget | "inProcess" | "onUnusedFaults"> = {
  ...SIMULATION,
  ...LISTEN_TARGET,
  images: listOfState(imageOrTarKind, "a list of images"),
  inProcess: inProcessKind,
  onUnusedFaults: functionKind,
};
