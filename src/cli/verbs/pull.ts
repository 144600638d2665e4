import { formatCount } from "../../base/format-count.ts";
import { pullCassettes } from "../../integrations/artifact/pull-cassettes.ts";
import { parseArtifactReference } from "../../io/oci/artifact-reference.ts";
import { styleDim, styleGreen } from "../../view/colour.ts";
import { openRegistry } from "../open-registry.ts";
import type { CliVerb } from "../verb.ts";

interface PullArguments {
  readonly reference: string;
  readonly into: string;
  readonly force: boolean;
}

export const verb: CliVerb<PullArguments> = {
  builder: (yargs) =>
    yargs
      .usage("$0 pull REFERENCE [options]")
      .positional("reference", { type: "string", demandOption: true, describe: "HOST/NAME:TAG or HOST/NAME@DIGEST" })
      .options({
        into: { type: "string", default: ".", describe: "The folder that their paths begin in" },
        force: { type: "boolean", default: false, describe: "Replace cassettes that differ" },
      })
      .example("$0 pull ghcr.io/team/cassettes:main", "Put all cassettes where they were pushed from"),
  run: async ({ reference: text, into, force }, { stderr }) => {
    const reference = parseArtifactReference(text);
    const { version } = reference;
    const { files, written } = await pullCassettes(openRegistry(reference), {
      root: into,
      replaces: force,
      ...(version.startsWith("sha256:") ? { digest: version } : {}),
    });
    const done = styleGreen(`pulled ${formatCount(files.length, "file")}`);
    stderr.write(`${done} | ${styleDim(`${written} written`)} | ${text}\n`);
    return 0;
  },
};
