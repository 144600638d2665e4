/** Gives a daemon what a literal says. What the daemon itself would refuse, is refused. */
import { UsageError } from "../../base/errors.ts";
import type { Engine } from "../engine.ts";
import { Refusal } from "../refusal.ts";
import { placeContainer } from "./containers.ts";
import { placeImage } from "./images.ts";
import type { StateLiteral } from "./literal.ts";
import { placeNetwork } from "./networks.ts";
import { placeVolume } from "./volumes.ts";

/** @throws UsageError `WHALESONG_BAD_STATE` that names what could not be made */
export function populate(
  engine: Engine,
  { behaviours = [], images = [], networks = [], volumes = [], containers = [] }: StateLiteral,
): void {
  engine.behave(behaviours);
  for (const image of images) placed("image", image, (literal) => placeImage(engine, literal));
  for (const network of networks) placed("network", network, (literal) => placeNetwork(engine, literal));
  for (const volume of volumes) placed("volume", volume, (literal) => placeVolume(engine, literal));
  for (const container of containers) placed("container", container, (literal) => placeContainer(engine, literal));
}

function placed<T extends { readonly name: string }>(
  kind: string,
  literal: string | T,
  place: (literal: T) => unknown,
): void {
  const whole = typeof literal === "string" ? ({ name: literal } as T) : literal;
  try {
    place(whole);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const message = `cannot make the ${kind} \`${whole.name}\`: ${error.message}`;
    throw new UsageError("WHALESONG_BAD_STATE", message, { cause: error });
  }
}
