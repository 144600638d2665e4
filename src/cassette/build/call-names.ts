/** How a cassette names calls of gRPC: by service and method, without the packages. */
import { BUILDKIT_METHODS, type MethodShape } from "../../wire/buildkit/services.ts";

const BY_SHORT_NAME: ReadonlyMap<string, MethodShape> = new Map(
  [...BUILDKIT_METHODS].map(([path, shape]) => [toShortMethod(path), shape]),
);

/** `Control/Solve` of `/moby.buildkit.v1.Control/Solve`. */
export function toShortMethod(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("."), 0) + 1);
}

/** What the call exchanges; undefined for one that is not known. @param method as `Control/Solve` */
export function findMethodShape(method: string): MethodShape | undefined {
  return BY_SHORT_NAME.get(method);
}

/** Whether the call has one answer, and ends with it. Unknown calls count as such. */
export function isUnary(method: string): boolean {
  return (findMethodShape(method)?.streaming ?? "none") === "none";
}
