/** Tells the simulation's limits from the daemon's errors, which the client prints in the daemon's words. */
import type { RecordedCall } from "../mock/daemon/calls/recorded-call.ts";
import type { MissingFeature } from "../userland/process/missing-feature.ts";

/** What clients asked of a simulated daemon that a real one might have. */
export class MockLimits {
  readonly #lines = new Set<string>();

  /** Notes what no container of `image` has. */
  readonly addFeature = ({ program, option }: MissingFeature, image: string): void => {
    const subject = option === undefined ? nameImage(image) : `\`${program}\``;
    const lack = option === undefined ? `program \`${program}\`` : `option \`${option}\``;
    this.#lines.add(`${subject} has no ${lack} here; --behaviours FILE says what it prints`);
  };

  /** A line for each limit that was met. */
  format({ calls }: { readonly calls: Iterable<RecordedCall> }): string {
    for (const { operation, status, query } of calls) {
      if (operation !== "ImageCreate" || status !== 404) continue;
      const image = toFamiliarName(query.fromImage ?? "", query.tag);
      this.#lines.add(`there is no image \`${image}\` here; --any-image lets every name be pulled, --image adds one`);
    }
    return [...this.#lines].map((line) => `mock: ${line}\n`).join("");
  }
}

/** The stages of a build have ids that no one knows. */
function nameImage(image: string): string {
  return image.startsWith("sha256:") ? "an image without a name" : `\`${image}\``;
}

/** As people write it, without what clients add. */
function toFamiliarName(repository: string, tag: string | undefined): string {
  const name = repository.replace(/^docker\.io\/(?:library\/)?/, "");
  return tag === undefined ? name : `${name}:${tag}`;
}
