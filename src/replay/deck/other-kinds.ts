/**
 * Names that are asked for among other kinds of things. `docker inspect NAME` looks for a container, then for an image, a
 * network, a volume and a plugin. A client that asks before the thing is made asks further than the recorded one did,
 * and a daemon says 404 each time (docs/decisions/0021).
 */
import type { NormalizedRequest } from "../../match/normalize/normalize-request.ts";
import { collectImageNames, toRepository } from "../history/image-names.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import { createNotFound } from "./absent-answer.ts";
import type { ExistingThings } from "./existing-things.ts";
import type { SimilarExchanges } from "./similar-exchanges.ts";

/** What `docker inspect NAME` asks of a daemon that is in no swarm. */
const ASKED = /^(Container|Image|Network|Volume|Plugin)Inspect$/;

export class OtherKinds {
  readonly #exchanges: SimilarExchanges;
  readonly #things: ExistingThings;
  readonly #isStrict: boolean;
  #images: ReadonlySet<string> | undefined;

  /** @param isStrict whether only recorded answers are given */
  constructor(exchanges: SimilarExchanges, things: ExistingThings, isStrict: boolean) {
    this.#exchanges = exchanges;
    this.#things = things;
    this.#isStrict = isStrict;
  }

  /**
   * A 404 that is on no cassette.
   * @returns undefined if the recording makes no such thing, if that is there now, or if the recording knows the name
   * among things of the kind that is asked for
   */
  find({ operation }: NormalizedRequest): PlacedExchange | undefined {
    const kind = ASKED.exec(operation.name)?.[1];
    const name = operation.params.id ?? operation.params.name;
    if (this.#isStrict || kind === undefined || name === undefined) return undefined;
    const maker = this.#things.findMakerOfAbsent(name, kind === "Container" ? "container" : kind);
    if (maker === undefined || this.#exchanges.atPath(operation.path).length > 0) return undefined;
    return kind === "Image" && this.#isImage(name) ? undefined : createNotFound(maker, operation);
  }

  #isImage(name: string): boolean {
    this.#images ??= collectImageNames(this.#exchanges.all);
    return this.#images.has(toRepository(name));
  }
}
