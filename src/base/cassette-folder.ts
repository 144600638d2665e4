/** The folder beside test files that has a folder of cassettes for each. */
export const CASSETTE_FOLDER = "__cassettes__";
