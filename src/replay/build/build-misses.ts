/** The texts of builds that nothing recorded answers. A client prints a status as one line. */

import { toShortMethod } from "../../cassette/build/call-names.ts";
import type { JsonMessageValue } from "../../wire/protobuf/json-message.ts";
import type { Miss } from "../miss.ts";
import { MissMask } from "../miss-mask.ts";
import type { BuildDeck, NearestBuild } from "./build-deck.ts";
import { SOLVE } from "./build-methods.ts";
import { formatDifferences } from "./compare-messages.ts";

export function createBuildMiss(decks: readonly BuildDeck[], request: JsonMessageValue): Miss {
  const found = findNearest(decks, request);
  const mask = new MissMask({ method: "POST", target: "/build" });
  const nearest = found && { ...found, differences: mask.maskDifferences(found.differences) };
  const isPlayed = nearest?.differences.length === 0;
  const code = isPlayed ? "WHALESONG_PLAYED_ALREADY" : "WHALESONG_NO_MATCH";
  return {
    code,
    method: "GRPC",
    target: toShortMethod(SOLVE),
    ...(nearest === undefined ? {} : { nearest: { ...nearest, name: undefined } }),
    message: `whalesong: no recorded build answers this one: ${explain(nearest)} [${code}]`,
  };
}

/** A call that no cassette has, and that is no build. */
export function createUnrecordedMiss(method: string): Miss {
  const code = "WHALESONG_NO_MATCH";
  const target = toShortMethod(method);
  return { code, method: "GRPC", target, message: `whalesong: ${target} was not recorded with this request [${code}]` };
}

function explain(nearest: NearestBuild | undefined): string {
  if (nearest === undefined) return "none is recorded";
  const { place, differences } = nearest;
  if (differences.length === 0) return `the one at ${place} was played already`;
  return `the nearest, at ${place}, differs in ${formatDifferences(differences)}`;
}

function findNearest(decks: readonly BuildDeck[], request: JsonMessageValue): NearestBuild | undefined {
  const nearest = decks.flatMap((deck) => deck.findNearest(request) ?? []);
  return nearest.sort((one, other) => one.differences.length - other.differences.length)[0];
}
