/** Tells the simulation's limits from the daemon's errors, which the client prints in the daemon's words. */
import type { MockDocker } from "../modes/mock-docker.ts";

/** What clients asked of a simulated daemon that a real one might have. */
export class MockLimits {
  readonly #lines = new Set<string>();

  /** Notes a program that no container of `image` has. */
  readonly addProgram = (program: string, image: string): void => {
    this.#lines.add(`\`${image}\` has no program \`${program}\` here; --behaviours FILE says what it prints`);
  };

  /** A line for each limit that was met. */
  format({ calls }: MockDocker): string {
    for (const { operation, status, query } of calls) {
      if (operation !== "ImageCreate" || status !== 404) continue;
      const image = toFamiliarName(query.fromImage ?? "", query.tag);
      this.#lines.add(`there is no image \`${image}\` here; --any-image lets every name be pulled, --image adds one`);
    }
    return [...this.#lines].map((line) => `mock: ${line}\n`).join("");
  }
}

/** As people write it, without what clients add. */
function toFamiliarName(repository: string, tag: string | undefined): string {
  const name = repository.replace(/^docker\.io\/(?:library\/)?/, "");
  return tag === undefined ? name : `${name}:${tag}`;
}
