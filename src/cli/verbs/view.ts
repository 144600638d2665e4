import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { compareCassettes } from "../../compare/compare-cassettes.ts";
import { createTemporaryFolder } from "../../io/disk/create-folder.ts";
import { PAGE, prepareOutputFile } from "../../io/disk/output-file.ts";
import { readSidecarIfThere, walkCassette } from "../../io/disk/read-cassette.ts";
import { readTextFile } from "../../io/disk/read-text-file.ts";
import { walkRecordings } from "../../io/disk/walk-recordings.ts";
import { writePieces } from "../../io/disk/write-pieces.ts";
import { openInBrowser } from "../../io/open-in-browser.ts";
import { formatByteSize } from "../../view/digest/shorten-text.ts";
import { TarLister } from "../../view/digest/tar-lister.ts";
import { toPageComparison } from "../../view/page/compare-page.ts";
import type { PageComparison } from "../../view/page/page-record.ts";
import { readReport } from "../../view/page/read-report.ts";
import { writePage } from "../../view/page/write-page.ts";
import { STANDARD_OUTPUT } from "../standard-output.ts";
import { printWarning, type VerbTerminal } from "../terminal.ts";
import { UsageMistake } from "../usage/usage-mistake.ts";
import type { CliVerb } from "../verb.ts";

interface ViewArguments {
  cassette: string;
  second?: string;
  output?: string;
  open: boolean;
  report?: string;
}

/** The page's script, seen from src/, from build/ and from the bundle alike. */
const VIEWER = new URL("../../../dist/viewer.js", import.meta.url);

export const verb: CliVerb<ViewArguments> = {
  builder: (yargs) =>
    yargs
      .usage("$0 view CASSETTE [SECOND] [options]")
      .positional("cassette", { type: "string", demandOption: true, describe: "The cassette to look at" })
      .positional("second", {
        type: "string",
        describe: "A newer recording: look at it, and at what has changed in it",
      })
      .option("output", {
        alias: "o",
        type: "string",
        describe:
          "The HTML file to write, - for stdout (default: CASSETTE.html here; with --open in a temporary folder)",
      })
      .option("open", { type: "boolean", default: false, describe: "Open it in the browser" })
      .option("report", {
        type: "string",
        describe: "Show how a replay went: the file that `replay --report-file` wrote",
      })
      .example("$0 view web.yaml --open", "Look at a cassette in the browser")
      .example("$0 view web.yaml again.yaml --open", "What has changed, side by side")
      .example("$0 view web.yaml -o bug.html", "One file to hand on; it opens by a double click"),
  run: async (argv, terminal) => {
    if (argv.output === STANDARD_OUTPUT) return printPage(argv, terminal);
    const file = argv.output ?? choosePath(argv.second ?? argv.cassette, argv.open);
    prepareOutputFile(file, PAGE);
    const size = await walkPage(argv, (pieces) => writePieces(file, pieces));
    terminal.stdout.write(`${file}\n`);
    terminal.stderr.write(`wrote ${file} (${formatByteSize(size)}): it opens by a double click\n`);
    if (argv.open && !(await openInBrowser(file, process.env, process.platform)))
      printWarning(terminal, `no browser could be started; open \`${file}\``);
    return 0;
  },
};

async function printPage(argv: ViewArguments, { writeDocument }: VerbTerminal): Promise<number> {
  if (argv.open) throw new UsageMistake("--open needs a file, and `-` is standard output", "view");
  await walkPage(argv, writeDocument);
  return 0;
}

/** @param use is given the text of the page, while the cassette is open */
function walkPage<T>(
  { cassette: first, second, report }: ViewArguments,
  use: (pieces: AsyncGenerator<string>) => Promise<T>,
): Promise<T> {
  const path = second ?? first;
  return walkCassette(path, async (cassette) =>
    use(
      writePage(cassette, {
        viewer: readFileSync(VIEWER, "utf8"),
        tars: new TarLister((ref) => readSidecarIfThere(path, ref)),
        ...(report === undefined ? {} : { report: readReport(readTextFile(report), report) }),
        ...(second === undefined ? {} : { comparison: await compareFiles(first, second) }),
      }),
    ),
  );
}

function compareFiles(first: string, second: string): Promise<PageComparison> {
  return walkRecordings(first, second, async (old, fresh) =>
    toPageComparison(await compareCassettes(old, fresh), old.cassette, new TarLister(old.pieces)),
  );
}

function choosePath(cassette: string, isOpened: boolean): string {
  const name = `${basename(cassette).replace(/\.ya?ml$/, "")}.html`;
  return isOpened ? join(createTemporaryFolder("view"), name) : name;
}
