/** A tar that cannot be read; the message is what Go's archive/tar says. */
export class TarError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}
