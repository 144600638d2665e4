/**
 * The recorded value, and the one that stands for it today: whole words, or a part of words around which several names
 * are built (match/generated/name-stems.ts).
 */
export type ValuePair = readonly [recorded: string, today: string, extent?: "part"];
