/** Tells of a first recording that caught nothing: its replay would be green whatever the daemon does. */
import { UsageError } from "../base/errors.ts";
import { toTypedPath } from "../io/typed-path.ts";
import { type ModeService, warnProcess } from "../modes/service.ts";
import type { RecordingReport } from "../record/write/tape.ts";

/** The service of a cassette that is new, which warns if no request has come when it is finished. */
export function warnOfEmpty(
  service: ModeService<RecordingReport>,
  path: string,
  warn: (problem: unknown) => void = warnProcess,
): ModeService<RecordingReport> {
  const finish = async (): Promise<RecordingReport> => {
    const report = await service.finish();
    if (report.isKept && report.exchanges + report.dropped === 0) warn(createEmptyWarning(toTypedPath(path)));
    return report;
  };
  return { ...service, finish };
}

function createEmptyWarning(path: string): UsageError {
  const message = `nothing was recorded: no request came, and \`${path}\` is empty. Intercepted are the connections of this process to the addresses where Docker's clients look: not those of child processes (the docker CLI, compose), of hooks outside of the test, or to another address (option \`intercept\`). Serve the cassette to child processes (\`cassette.listen()\`), or put \`npx whalesong run suite.yaml --\` in front of the test command; if no request is meant, say so: \`empty: "keep"\``;
  return new UsageError("WHALESONG_NOTHING_RECORDED", message, { fields: { cassette: path } });
}
