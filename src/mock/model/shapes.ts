/**
 * An answer is made in its newest shape, and then told as the client's version knows it: each change of the API is one
 * entry, applied to clients older than it, the newest change first.
 */
import type { ApiVersion } from "./api-version.ts";

// biome-ignore lint/suspicious/noExplicitAny: answers are JSON, whose members differ by version
export type Shape = Record<string, any>;

export interface ShapeChange {
  /** The version that brought the change. */
  readonly since: string;
  /** What clients of earlier versions see instead. */
  readonly before: (shape: Shape) => Shape;
}

/** `changes` in the order of their versions, newest first. */
export function shapeFor(api: ApiVersion, newest: Shape, changes: readonly ShapeChange[]): Shape {
  return changes.reduce((shape, { since, before }) => (api.isBefore(since) ? before(shape) : shape), newest);
}

export function without(shape: Shape, ...names: readonly string[]): Shape {
  return Object.fromEntries(Object.entries(shape).filter(([name]) => !names.includes(name)));
}
