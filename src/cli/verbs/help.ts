import { UsageError } from "../../base/errors.ts";
import { readErrorSections, summarizeSection } from "../usage/error-codes.ts";
import { formatSuggestion } from "../usage/usage-mistake.ts";
import type { CliVerb } from "../verb.ts";

const PREFIX = "WHALESONG_";

export const verb: CliVerb<{ topic: string }> = {
  builder: (yargs) =>
    yargs
      .usage("$0 help [TOPIC]")
      .positional("topic", {
        type: "string",
        describe: "A command such as record, an error code such as NO_MATCH, or `codes`: the list of error codes",
      })
      .example("$0 help record", "The flags of record, as `record --help`")
      .example("$0 help WHALESONG_NO_MATCH", "Why no recorded exchange matches a request"),
  run: async ({ topic }, { stdout }) => {
    const sections = readErrorSections();
    stdout.write(`${topic === "codes" ? listCodes(sections) : findExplanation(topic, sections)}\n`);
    return 0;
  },
};

function listCodes(sections: ReadonlyMap<string, string>): string {
  const lines = [...sections].map(([code, section]) => `${code}\n    ${summarizeSection(section)}`);
  return [...lines, "", "More of each: whalesong help CODE"].join("\n");
}

/** @throws UsageError `WHALESONG_UNKNOWN_CODE` */
function findExplanation(topic: string, sections: ReadonlyMap<string, string>): string {
  const name = topic.toUpperCase().replace(PREFIX, "");
  const section = sections.get(PREFIX + name);
  if (section !== undefined) return section;
  // Compared without what all of them begin with.
  const names = [...sections.keys()].map((code) => code.replace(PREFIX, ""));
  const suggestion = formatSuggestion(name, names) || "; `whalesong help codes` lists the codes";
  throw new UsageError("WHALESONG_UNKNOWN_CODE", `there is no command and no error code \`${topic}\`${suggestion}`);
}
