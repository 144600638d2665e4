/** What the options of `createEngine` may be. */
import {
  amountKind,
  anyTextKind,
  clockKind,
  contentKind,
  flagKind,
  functionKind,
  objectKind,
} from "../../base/options/common-kinds.ts";
import { choiceOf, listOf, mapOf, type OptionKinds } from "../../base/options/option-kind.ts";
import { ENGINE_NAMES } from "../model/engine-release.ts";
import { registryKind } from "../registry/registry-kinds.ts";
import { behavioursKind } from "../runtime/behaviours/behaviour-kinds.ts";

/** Of `EngineOptions`. */
export const ENGINE: OptionKinds<
  | "clock"
  | "startMs"
  | "isTicking"
  | "seed"
  | "engine"
  | "minApi"
  | "corsHeader"
  | "startupMs"
  | "images"
  | "registry"
  | "pages"
  | "behaviours"
  | "opensPorts"
  | "hostFiles"
  | "onFault"
  | "onMissingFeature"
> = {
  clock: clockKind,
  startMs: amountKind,
  isTicking: flagKind,
  seed: anyTextKind,
  engine: choiceOf(ENGINE_NAMES),
  minApi: anyTextKind,
  corsHeader: anyTextKind,
  startupMs: amountKind,
  images: listOf(objectKind, "a list of images"),
  registry: registryKind,
  pages: mapOf(contentKind, "a map of pages by URL"),
  behaviours: behavioursKind,
  opensPorts: functionKind,
  hostFiles: functionKind,
  onFault: functionKind,
  onMissingFeature: functionKind,
};
