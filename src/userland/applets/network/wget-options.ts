import type { HeaderField } from "../../../wire/http/head.ts";
import { readOptions } from "../read-options.ts";

/** What a line of `wget` asks for. */
export interface WgetInvocation {
  readonly urls: readonly string[];
  readonly method: "GET" | "HEAD" | "POST";
  readonly fields: readonly HeaderField[];
  readonly body: Buffer;
  /** `-` for standard output; undefined for the page's own name. */
  readonly output: string | undefined;
  /** With a slash behind it, or empty. */
  readonly folder: string;
  readonly isQuiet: boolean;
  readonly showsHead: boolean;
  /** Whether the page is there, and no more. */
  readonly onlyLooks: boolean;
}

const VALUED = new Set(["--header", "--post-data"]);

export function readInvocation(argv: readonly string[]): WgetInvocation {
  const { own, long } = withoutLong(argv);
  const { flags, words } = readOptions(own, "cqSO:o:P:U:Y:T:t:n", {
    long: {
      spider: "spider",
      quiet: "q",
      "server-response": "S",
      "output-document": "O",
      "output-file": "o",
      "directory-prefix": "P",
      "user-agent": "U",
      "no-check-certificate": "no-check-certificate",
      continue: "c",
      timeout: "T",
    },
  });
  const data = long.find(([name]) => name === "--post-data")?.[1];
  const onlyLooks = flags.has("spider");
  const folder = flags.get("P");
  return {
    urls: words,
    method: data !== undefined ? "POST" : onlyLooks ? "HEAD" : "GET",
    fields: [...readHeaders(long), ...(data === undefined ? [] : encodeForm(data))],
    body: Buffer.from(data ?? ""),
    output: flags.get("O") ?? flags.get("output-document"),
    folder: folder === undefined ? "" : `${folder}/`,
    isQuiet: flags.has("q") || flags.has("quiet"),
    showsHead: flags.has("S") || flags.has("server-response"),
    onlyLooks,
  };
}

/** Long options with a value, in the same word or the next. */
function withoutLong(argv: readonly string[]): { readonly own: string[]; readonly long: [string, string][] } {
  const [own, long]: [string[], [string, string][]] = [[], []];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] as string;
    const equals = word.indexOf("=");
    const name = equals === -1 ? word : word.slice(0, equals);
    if (!VALUED.has(name)) own.push(word);
    else long.push([name, equals === -1 ? (argv[++at] ?? "") : word.slice(equals + 1)]);
  }
  return { own, long };
}

function readHeaders(long: readonly (readonly [string, string])[]): HeaderField[] {
  return long.flatMap(([name, value]) => {
    if (name !== "--header") return [];
    const [field = "", ...text] = value.split(":");
    return [[field.trim(), text.join(":").trim()] as const];
  });
}

function encodeForm(data: string): HeaderField[] {
  return [
    ["Content-Type", "application/x-www-form-urlencoded"],
    ["Content-Length", String(Buffer.byteLength(data))],
  ];
}
