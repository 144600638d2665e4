import { readFileSync } from "node:fs";
import { UsageError } from "../../base/errors.ts";
import type { CliVerb } from "../verb.ts";

const ERRORS = new URL("../../../docs/errors.md", import.meta.url);

export const verb: CliVerb<{ code: string }> = {
  builder: (yargs) =>
    yargs
      .usage("$0 help CODE")
      .positional("code", { type: "string", demandOption: true, describe: "The code, e.g. WHALESONG_NO_MATCH" })
      .example("$0 help WHALESONG_NO_MATCH", "Why no recorded exchange matches a request"),
  run: async ({ code }, { stdout }) => {
    stdout.write(`${findExplanation(code.toUpperCase(), readFileSync(ERRORS, "utf8"))}\n`);
    return 0;
  },
};

/** The section of docs/errors.md whose heading is the code. */
function findExplanation(code: string, document: string): string {
  const sections = document.split(/^(?=#{2,4} )/m);
  const section = sections.find((text) => /^#+ `?(\w+)`?/.exec(text)?.[1] === code);
  if (section !== undefined) return section.replace(/^#+ /, "").trim();
  throw new UsageError("WHALESONG_UNKNOWN_CODE", `there is no error code \`${code}\`; docs/errors.md lists them all`);
}
