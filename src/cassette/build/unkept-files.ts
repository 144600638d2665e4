/** Which files of a build a cassette has no content of. */
import type { BuildEvent, UntarredEntry } from "../build-model.ts";

/** The files of one transfer without content in the cassette. */
export interface UnkeptFiles {
  /** The name of the transfer: `context`, `dockerfile`. */
  readonly as: string;
  /** `digests`: their content is compared, by its sha256. `nothing`: the daemon had them, so only mode and size are. */
  readonly kept: "digests" | "nothing";
  readonly paths: readonly string[];
}

/** In the order of the build; empty where all content stands beside the cassette. */
export function listUnkeptFiles(build: readonly BuildEvent[] = []): readonly UnkeptFiles[] {
  return build.flatMap((event) => {
    if (event.kind !== "transferred" || event.content.kind !== "tree") return [];
    const files = event.content.entries.filter(isFile);
    const digests = files.filter(({ sha256 }) => sha256 !== undefined);
    const unknown = files.filter(({ sha256 }) => sha256 === undefined);
    return [...toUnkept(event.as, "digests", digests), ...toUnkept(event.as, "nothing", unknown)];
  });
}

/** An empty file has no content; a hard link has that of another path. */
function isFile({ type, size, link }: UntarredEntry): boolean {
  return type === "file" && size > 0 && link === undefined;
}

function toUnkept(as: string, kept: UnkeptFiles["kept"], files: readonly UntarredEntry[]): UnkeptFiles[] {
  return files.length === 0 ? [] : [{ as, kept, paths: files.map(({ path }) => path) }];
}
