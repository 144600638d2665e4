import { escapeUnprintable } from "./printable.ts";

/** What every error of whalesong has beside its message. */
export interface ErrorFields {
  /** The error that led to this one. */
  readonly cause?: unknown;
  /** Facts for programs: numbers, names, the values found and expected. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/**
 * The root of every error that whalesong throws on purpose. There is one class per REMEDY, so that a caller knows
 * what to change; `code` is stable and documented in docs/errors.md. Messages quote strangers, so they are escaped here.
 */
export class WhalesongError extends Error {
  readonly code: string;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, { cause, fields = {} }: ErrorFields = {}) {
    super(escapeUnprintable(message), cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.fields = fields;
  }
}

/** The peer sent bytes that can never become a valid message. Remedy: look at the peer. */
export class WireError extends WhalesongError {}

/** The cassette's text or its sidecars are wrong. Remedy: mend the file named, at the line named. */
export class CassetteError extends WhalesongError {}

/** The call cannot work as it is. Remedy: call differently. */
export class UsageError extends WhalesongError {}

/** The daemon, a socket or the disk failed. Remedy: look at the machine. */
export class EnvironmentError extends WhalesongError {}
