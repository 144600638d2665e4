/** Removes from a live daemon what a verification has made there, whatever came of the verification. */
import type { Operation } from "../../wire/operations/operation.ts";

/** Sends a request whose answer matters only by its status. */
export type SendPlain = (method: string, target: string) => Promise<number>;

/** What was made, in the order in which it was. */
export class MadeOnDaemon {
  /** Paths that are deleted in the end, the latest first. */
  readonly #paths: string[] = [];

  /** Notes what an exchange made, by its live request and answer. */
  note({ name, query }: Operation, body: unknown): void {
    const { Id, Name } = (typeof body === "object" && body !== null ? body : {}) as {
      readonly Id?: unknown;
      readonly Name?: unknown;
    };
    const find = (key: string): string => query.find(([each]) => each === key)?.[1] ?? "";
    if (name === "ContainerCreate" && typeof Id === "string") this.#paths.push(`/containers/${Id}?force=1&v=1`);
    if (name === "NetworkCreate" && typeof Id === "string") this.#paths.push(`/networks/${Id}`);
    if (name === "VolumeCreate" && typeof Name === "string")
      this.#paths.push(`/volumes/${encodeURIComponent(Name)}?force=1`);
    if (name === "ImageTag" || name === "ImageCommit") this.#addImage(find("repo"), find("tag"));
    if (name === "ImageBuild") this.#addImage(find("t"), "");
    if (name === "ImageCreate") this.#addImage(find("fromImage"), find("tag"));
  }

  #addImage(repository: string, tag: string): void {
    if (repository === "") return;
    this.#paths.push(`/images/${repository}${tag === "" ? "" : `${tag.includes(":") ? "@" : ":"}${tag}`}`);
  }

  /** Containers go before networks, volumes and images, which they may use. Returns what could not be removed. */
  async remove(send: SendPlain): Promise<readonly string[]> {
    const rank = (path: string): number =>
      ["/containers", "/networks", "/volumes", "/images"].findIndex((each) => path.startsWith(each));
    const left: string[] = [];
    for (const path of [...new Set(this.#paths)].sort((a, b) => rank(a) - rank(b))) {
      const status = await send("DELETE", path);
      if (status >= 300 && status !== 404) left.push(`${path.replace(/\?.*/, "")} (${status})`);
    }
    return left;
  }
}
