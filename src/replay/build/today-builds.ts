import type { TakenBuild } from "./find-call.ts";
import type { ProbeBuild } from "./probe-build.ts";

/** What the Solve of a client's build has turned out to be. */
export type BuildOutcome =
  | { readonly kind: "probe"; readonly probe: ProbeBuild }
  | ({ readonly kind: "played" } & TakenBuild)
  | { readonly kind: "refused"; readonly message: string };

/** A build of today's client, known by its Ref from the first of its calls on. */
export class TodayBuild {
  /** Resolves with its Solve: never, where none comes. */
  readonly outcome: Promise<BuildOutcome>;
  #resolve: (outcome: BuildOutcome) => void = () => undefined;

  constructor() {
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  resolve(outcome: BuildOutcome): void {
    this.#resolve(outcome);
  }
}

export class TodayBuilds {
  readonly #builds = new Map<string, TodayBuild>();

  findOrCreate(ref: string): TodayBuild {
    const known = this.#builds.get(ref);
    if (known !== undefined) return known;
    const build = new TodayBuild();
    this.#builds.set(ref, build);
    return build;
  }

  has(ref: string): boolean {
    return this.#builds.has(ref);
  }

  forget(ref: string): void {
    this.#builds.delete(ref);
  }
}
