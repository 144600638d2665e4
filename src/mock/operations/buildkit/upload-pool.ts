/** Contexts that docker 20.10 sends in a request of their own, by the id of the build. Either request may come first. */
export class UploadPool {
  readonly #uploads = new Map<string, PendingUpload>();

  add(id: string, tar: Buffer): void {
    this.#find(id).resolve(tar);
  }

  /** Resolves when the context is here. It is handed over once. */
  async take(id: string): Promise<Buffer> {
    const tar = await this.#find(id).tar;
    this.#uploads.delete(id);
    return tar;
  }

  #find(id: string): PendingUpload {
    const upload = this.#uploads.get(id) ?? createPendingUpload();
    this.#uploads.set(id, upload);
    return upload;
  }
}

interface PendingUpload {
  readonly tar: Promise<Buffer>;
  readonly resolve: (tar: Buffer) => void;
}

function createPendingUpload(): PendingUpload {
  let resolve: PendingUpload["resolve"] = () => undefined;
  const tar = new Promise<Buffer>((settle) => {
    resolve = settle;
  });
  return { tar, resolve };
}
