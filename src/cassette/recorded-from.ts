/** How `recorded.from` of a header tells a recording of the mock from one of a real daemon. */
import { formatShellLine } from "../base/shell-words.ts";
import type { CassetteHeader } from "./model.ts";

/** Stands before the release that the mock resembles. */
export const OF_MOCK = "mock of ";

/** A header as a recorder writes it. */
const RECORDED_FROM_MOCK = new RegExp(`^recorded: \\{.*\\bfrom: "?${OF_MOCK}`, "m");

/** @param start the beginning of a cassette, with its header */
export function namesMock(start: string): boolean {
  return RECORDED_FROM_MOCK.test(start);
}

/**
 * `whalesong record --upstream mock web.yaml -- COMMAND`: from the daemon that the cassette was recorded from.
 * @param flags such as `["--mode", "append"]`
 */
export function formatRecordTemplate(
  file: string,
  header: Pick<CassetteHeader, "recorded"> | undefined,
  flags: readonly string[] = [],
): string {
  const daemon = header?.recorded?.from?.startsWith(OF_MOCK) === true ? ["--upstream", "mock"] : [];
  return `${formatShellLine(["whalesong", "record", ...flags, ...daemon, file])} -- COMMAND`;
}
