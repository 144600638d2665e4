/**
 * The environment of a developer's shell with nothing of this run in it, so that a runner that is started takes itself
 * for the outermost one: what has no cassette is recorded, and new ones are told of.
 */
export function createDeveloperEnv(): NodeJS.ProcessEnv {
  const {
    CI: _ci,
    VITEST: _vitest,
    NODE_TEST_CONTEXT: _context,
    WHALESONG_MODE: _mode,
    WHALESONG_RUN_JOURNAL: _journal,
    ...rest
  } = process.env;
  return rest;
}
