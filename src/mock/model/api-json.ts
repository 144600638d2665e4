/** JSON of the API, of any version. */
// biome-ignore lint/suspicious/noExplicitAny: answers are JSON, whose members differ by version
export type ApiJson = Record<string, any>;
