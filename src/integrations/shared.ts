/**
 * What the entries that import a test library take of the rest. In the package it is one CommonJS module, while
 * those entries exist in the module system of their library as well (docs/decisions/0016-one-commonjs-bundle.md).
 */
export { EnvironmentError, UsageError } from "../base/errors.ts";
export { toTypedPath } from "../io/typed-path.ts";
export { createPlayback, toOrigin } from "./cassette-playback.ts";
export { guardRun } from "./guard-run.ts";
export { checkCassetteOptions, insertCassette } from "./insert-cassette.ts";
export { CassetteRegistry, resolveCassettePath } from "./test-cassette.ts";
export { withUpdateFlow } from "./update-flow.ts";
export { useCassette } from "./use-cassette.ts";
