/** How `recorded.from` of a header tells a recording of the mock from one of a real daemon. */

/** Stands before the release that the mock resembles. */
export const OF_MOCK = "mock of ";

/** A header as a recorder writes it. */
const RECORDED_FROM_MOCK = new RegExp(`^recorded: \\{.*\\bfrom: "?${OF_MOCK}`, "m");

/** @param start the beginning of a cassette, with its header */
export function namesMock(start: string): boolean {
  return RECORDED_FROM_MOCK.test(start);
}
