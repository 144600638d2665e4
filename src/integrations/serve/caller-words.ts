/**
 * How messages of the control door name a way out: each kit's user reads the words of his own language, where plain
 * HTTP has members of a JSON object. One row for each kit.
 */

/** The words of one caller. */
export interface CallerWords {
  /** What has the options. */
  readonly place: string;
  /** An example of options. */
  readonly example: string;
  /** The name of an option, from that of the member. */
  readonly spell: (member: string) => string;
  /** What lets a test leave recorded requests out, as it is written. */
  readonly unplayedOption: string;
  /** What names another daemon, beside DOCKER_HOST. */
  readonly upstreamOption: string;
}

/** What the member `caller` may name. */
export type Caller = "http" | "pytest" | "go";

const CALLERS: Readonly<Record<Caller, CallerWords>> = {
  http: {
    place: "the body",
    example: '{"cassette": "web.yaml", "mode": "once"}',
    spell: (member: string): string => member,
    unplayedOption: "allowUnplayed",
    upstreamOption: "the member `upstream`",
  },
  pytest: {
    place: "the mark `whalesong`",
    example: '@pytest.mark.whalesong(cassette="web.yaml", mode="once")',
    spell: (member: string): string => member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    unplayedOption: "allow_unplayed=True",
    upstreamOption: "`--whalesong-upstream`",
  },
  go: {
    place: "`whalesongtest.Options`",
    example: 'whalesongtest.Options{Cassette: "web.yaml", Mode: "once"}',
    spell: (member: string): string => member.charAt(0).toUpperCase() + member.slice(1),
    unplayedOption: "AllowUnplayed: true",
    upstreamOption: "WHALESONG_UPSTREAM",
  },
};

/** All of them. */
export const CALLER_NAMES: readonly Caller[] = Object.keys(CALLERS) as Caller[];

/** The words of `caller`; those of plain HTTP where it names none, or one that is not known. */
export function findCallerWords(caller: unknown): CallerWords {
  return CALLER_NAMES.includes(caller as Caller) ? CALLERS[caller as Caller] : CALLERS.http;
}
