const ID_LENGTH = 64;
/** Of an id. */
const BEGINNING = /^[0-9a-f]{4,63}$/;

/** What a run knows of the names of containers: a container's name, its short id and its long id are one. */
export class ContainerNames {
  readonly #ids = new Set<string>();
  readonly #idByName = new Map<string, string>();
  readonly #containerByExec = new Map<string, string>();
  #version = 0;

  /** Another number after each change. */
  get version(): number {
    return this.#version;
  }

  addContainer(id: string, name?: string): void {
    if (!this.#ids.has(id)) {
      this.#ids.add(id);
      this.#version += 1;
    }
    if (name !== undefined) this.#setName(stripSlash(name), id);
  }

  addExec(id: string, container: string): void {
    this.#containerByExec.set(id, this.resolveContainer(container));
  }

  rename(from: string, to: string): void {
    this.#setName(stripSlash(to), this.resolveContainer(from));
  }

  #setName(name: string, id: string): void {
    if (this.#idByName.get(name) === id) return;
    this.#idByName.set(name, id);
    this.#version += 1;
  }

  /** The long id of the container that `reference` names; the reference itself where no id is known. */
  resolveContainer(reference: string): string {
    const key = stripSlash(reference);
    if (this.#ids.has(key)) return key;
    const id = this.#idByName.get(key);
    if (id !== undefined) return id;
    return key.length < ID_LENGTH && BEGINNING.test(key) ? (this.#findByPrefix(key) ?? key) : key;
  }

  findContainerOfExec(id: string): string | undefined {
    return this.#containerByExec.get(id);
  }

  #findByPrefix(prefix: string): string | undefined {
    for (const id of this.#ids) if (id.startsWith(prefix)) return id;
    return undefined;
  }
}

/** The daemon lists names with a leading slash, and takes them with or without it. */
function stripSlash(name: string): string {
  return name.startsWith("/") ? name.slice(1) : name;
}
