/** Under which names the daemon's things are known: a container's name, its short id and its long id are one. */
export class Names {
  readonly #ids = new Set<string>();
  readonly #idOfName = new Map<string, string>();
  readonly #containerOfExec = new Map<string, string>();

  learnContainer(id: string, name?: string): void {
    this.#ids.add(id);
    if (name !== undefined) this.#idOfName.set(bare(name), id);
  }

  learnExec(id: string, container: string): void {
    this.#containerOfExec.set(id, this.container(container));
  }

  rename(from: string, to: string): void {
    this.#idOfName.set(bare(to), this.container(from));
  }

  /** The long id of the container that `reference` names; the reference itself where nothing is known of it. */
  container(reference: string): string {
    const key = bare(reference);
    if (this.#ids.has(key)) return key;
    const named = this.#idOfName.get(key);
    if (named !== undefined) return named;
    return /^[0-9a-f]{4,63}$/.test(key) ? (this.#byPrefix(key) ?? key) : key;
  }

  containerOfExec(id: string): string | undefined {
    return this.#containerOfExec.get(id);
  }

  #byPrefix(prefix: string): string | undefined {
    for (const id of this.#ids) if (id.startsWith(prefix)) return id;
    return undefined;
  }
}

/** The daemon lists names with a leading slash and takes them with or without. */
function bare(name: string): string {
  return name.startsWith("/") ? name.slice(1) : name;
}
