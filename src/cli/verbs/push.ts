import { formatCount } from "../../base/format-count.ts";
import { pushCassettes } from "../../integrations/artifact/push-cassettes.ts";
import { listCassettes } from "../../io/disk/list-cassettes.ts";
import { parseArtifactReference } from "../../io/oci/artifact-reference.ts";
import { styleDim, styleGreen } from "../../view/colour.ts";
import { openRegistry } from "../open-registry.ts";
import { formatSize } from "../summary.ts";
import type { CliVerb } from "../verb.ts";

interface PushArguments {
  readonly reference: string;
  readonly cassettes: readonly string[];
}

export const verb: CliVerb<PushArguments> = {
  builder: (yargs) =>
    yargs
      .usage("$0 push REFERENCE CASSETTE...")
      .positional("reference", { type: "string", demandOption: true, describe: "HOST/NAME:TAG" })
      .positional("cassettes", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "Cassettes below this folder, or folders of them; their sidecars go with them",
      })
      .example("$0 push ghcr.io/team/cassettes:main __cassettes__", "Push all cassettes of a folder"),
  run: async ({ reference: text, cassettes }, { stderr }) => {
    const reference = parseArtifactReference(text);
    const paths = listCassettes(cassettes);
    const { digest, files, uploaded } = await pushCassettes(openRegistry(reference), paths, process.cwd());
    const size = files.reduce((total, file) => total + file.size, 0);
    const done = styleGreen(`pushed ${formatCount(files.length, "file")}`);
    stderr.write(`${done} | ${styleDim(`${uploaded} new`)} | ${styleDim(formatSize(size))} | ${text}\n`);
    stderr.write(`Pull it: whalesong pull ${reference.host}/${reference.name}@${digest}\n`);
    return 0;
  },
};
