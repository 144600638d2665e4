import type { BodyMeaning } from "../../match/body.ts";
import type { Ruling } from "../../match/rules/ruling.ts";
import type { Scene } from "../history/history.ts";

/** Tells what a recorded request's body means; the answer is worth keeping. */
export type MeaningOf = (scene: Scene) => BodyMeaning | Promise<BodyMeaning>;

/** The recorded changes of one method, path and query: played once each, in recorded order for equal bodies. */
export class Changes {
  readonly #scenes: Scene[] = [];
  /** Shared by the whole deck: a change may stand in two places, under two names of its container. */
  readonly #played: Set<Scene>;
  readonly #ruling: Ruling;
  #firstUnplayed = 0;

  constructor(played: Set<Scene>, ruling: Ruling) {
    this.#played = played;
    this.#ruling = ruling;
  }

  add(scene: Scene): void {
    this.#scenes.push(scene);
  }

  /** Whether a body decides which of them is played: not where the next one was answered before its body had come. */
  get needBody(): boolean {
    return this.#scenes.length > 0 && !isPartial(this.#scenes[this.#firstUnplayed]);
  }

  /**
   * Takes the first unplayed change whose body means the same. Choosing and taking are one step, so that two equal
   * requests at the same time never get the same answer.
   */
  async take(body: BodyMeaning, meaningOf: MeaningOf): Promise<Scene | undefined> {
    for (let at = this.#firstUnplayed; at < this.#scenes.length; at += 1) {
      const scene = this.#scenes[at] as Scene;
      if (this.#played.has(scene)) continue;
      const meaning = await meaningOf(scene);
      if (this.#played.has(scene) || !same(scene, meaning, body)) continue;
      this.#play(scene);
      return scene;
    }
    return this.#find(body, meaningOf, (scene) => this.#played.has(scene) && this.#mayRepeat(scene));
  }

  /** A change with this body that was played before. */
  async played(body: BodyMeaning, meaningOf: MeaningOf): Promise<Scene | undefined> {
    return this.#find(body, meaningOf, (scene) => this.#played.has(scene));
  }

  async #find(
    body: BodyMeaning,
    meaningOf: MeaningOf,
    isWanted: (scene: Scene) => boolean,
  ): Promise<Scene | undefined> {
    for (const scene of this.#scenes) {
      if (isWanted(scene) && same(scene, await meaningOf(scene), body)) return scene;
    }
    return undefined;
  }

  #mayRepeat(scene: Scene): boolean {
    return scene.entry.exchange().repeat === true || (isSignal(scene) && this.#ruling.means("signals"));
  }

  #play(scene: Scene): void {
    this.#played.add(scene);
    for (;;) {
      const first = this.#scenes[this.#firstUnplayed];
      if (first === undefined || !this.#played.has(first)) return;
      this.#firstUnplayed += 1;
    }
  }
}

/** A signal may come more or less often than it was recorded: clients pass on each one they get. */
export function isSignal({ operation }: Scene): boolean {
  const signal = operation.query.find(([name]) => name === "signal")?.[1] ?? "KILL";
  return operation.name === "ContainerKill" && !/^(SIG)?KILL$|^9$/.test(signal);
}

function same(scene: Scene, recorded: BodyMeaning, got: BodyMeaning): boolean {
  return recorded.key === got.key || isPartial(scene);
}

function isPartial(scene: Scene | undefined): boolean {
  return scene?.entry.exchange().request.isPartial === true;
}
