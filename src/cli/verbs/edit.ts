import { existsSync } from "node:fs";
import type { Argv } from "yargs";
import { parseDuration } from "../../base/duration.ts";
import { UsageError } from "../../base/errors.ts";
import { formatCount } from "../../base/format-count.ts";
import { escapeToLine } from "../../base/printable.ts";
import type { Cassette, CassetteEntry } from "../../cassette/read.ts";
import { formatExchange, formatHeader } from "../../cassette/write.ts";
import {
  appendDocuments,
  mergeHeaders,
  respellDocument,
  retimeDocument,
  selectDocuments,
} from "../../integrations/edit/edit-cassette.ts";
import { embedSidecars, explainSidecars } from "../../integrations/edit/embed-sidecars.ts";
import { toDocument } from "../../integrations/edit/map-exchange.ts";
import {
  carrySidecars,
  createExistsError,
  listSidecarPaths,
  removeCassette,
  saveCassette,
} from "../../integrations/edit/save-edited.ts";
import { readCassette } from "../../io/disk/read-cassette.ts";
import { readTextFile } from "../../io/disk/read-text-file.ts";
import { parseTempo } from "../../replay/play/tempo.ts";
import { styleGreen } from "../../view/colour.ts";
import { chooseExchanges } from "../choose-exchanges.ts";
import { refuseStandardOutput } from "../standard-output.ts";
import type { Terminal } from "../terminal.ts";
import type { CliVerb } from "../verb.ts";

interface EditArguments {
  readonly action: string;
  readonly cassette: string;
  readonly operands: readonly string[];
  readonly output: string | undefined;
  readonly tempo: string;
  readonly maxWait: string | undefined;
}

/** An action, and what its operands are; undefined: it has none. */
interface EditAction {
  readonly operands: string | undefined;
  readonly run: (argv: EditArguments, cassette: Cassette) => Promise<readonly string[]>;
  /** Lines about what was written. @default none */
  readonly explain?: (edited: Cassette) => readonly string[];
}

const ACTIONS: Readonly<Record<string, EditAction>> = {
  keep: { operands: "exchanges such as `3-5` or `start`", run: keepExchanges },
  drop: { operands: "exchanges such as `3-5` or `start`", run: dropExchanges },
  split: { operands: "exchanges such as `3-5` or `start`", run: splitCassette },
  merge: { operands: "cassettes", run: mergeCassettes },
  rename: { operands: "its new path", run: renameCassette },
  retime: { operands: undefined, run: retimeCassette },
  fmt: { operands: undefined, run: respellCassette },
  embed: { operands: undefined, run: embedCassette, explain: explainSidecars },
};

export const verb: CliVerb<EditArguments> = {
  builder: defineOptions,
  run: async (argv, terminal) => editCassette(argv, terminal),
};

function defineOptions(yargs: Argv): Argv {
  return yargs
    .usage("$0 edit ACTION CASSETTE [OPERAND...] [options]")
    .positional("action", { choices: Object.keys(ACTIONS), demandOption: true, describe: "What to do" })
    .positional("cassette", { type: "string", demandOption: true, describe: "The cassette" })
    .positional("operands", { type: "string", array: true, default: [], describe: "Exchanges, cassettes or a path" })
    .options({
      output: { alias: "o", type: "string", describe: "Write here, and leave the cassette as it is" },
      tempo: { type: "string", default: "recorded", describe: "With retime: none, recorded, or a speed like 2x" },
      "max-wait": { type: "string", describe: "With retime: shorten longer waits to this, e.g. 200ms" },
    })
    .example("$0 edit keep web.yaml 1-5,start", "Keep only these exchanges")
    .example("$0 edit split web.yaml 6-9 -o down.yaml", "Move these exchanges into a cassette of their own")
    .example("$0 edit retime web.yaml --max-wait 200ms", "Shorten the waits");
}

async function editCassette(argv: EditArguments, { stderr }: Terminal): Promise<number> {
  const action = ACTIONS[argv.action];
  const count = argv.operands.length;
  if (action === undefined || (action.operands === undefined ? count > 0 : count === 0))
    throw createOperandError(argv.action, action?.operands);
  refuseStandardOutput(argv.output, "edit", "a cassette may have sidecars");
  const cassette = readCassette(argv.cassette);
  if (cassette.header.isUnfinished || cassette.torn !== undefined)
    throw createEditError(`\`${cassette.file}\` is unfinished; record it to its end first`);
  if (argv.output !== undefined && existsSync(argv.output)) throw createExistsError(argv.output);
  const written = await action.run(argv, cassette);
  for (const path of written) {
    const edited = readCassette(path);
    const sidecars = listSidecarPaths(edited).size;
    stderr.write(
      `${styleGreen(path)}  ${formatCount(edited.entries.length, "exchange")}, ${formatCount(sidecars, "sidecar")}\n`,
    );
    for (const line of action.explain?.(edited) ?? []) stderr.write(`  ${escapeToLine(line)}\n`);
  }
  return 0;
}

function createOperandError(action: string, operands: string | undefined): UsageError {
  return createEditError(operands === undefined ? `${action} has no operands` : `${action} needs ${operands}`);
}

function createEditError(why: string): UsageError {
  return new UsageError("WHALESONG_CANNOT_EDIT", `cannot edit: ${why}; see whalesong edit --help`);
}

/** The text above the first exchange: as it is, where it ends there. */
function toLead({ file, preamble, header, entries }: Cassette): string {
  const text = readTextFile(file);
  const documents = entries.map(toDocument).join("");
  return text.endsWith(documents) ? text.slice(0, text.length - documents.length) : preamble + formatHeader(header);
}

/** In place, or with its own sidecars at `--output`. */
async function save(cassette: Cassette, documents: string, output: string | undefined, lead = toLead(cassette)) {
  const path = output ?? cassette.file;
  const carried = output === undefined ? documents : await carrySidecars(cassette, lead, documents, output);
  saveCassette(path, lead + carried, output === undefined ? cassette : undefined);
  return [path];
}

function keepExchanges({ operands, output }: EditArguments, cassette: Cassette) {
  return save(cassette, selectDocuments(cassette, chooseExchanges(operands, cassette)), output);
}

function dropExchanges({ operands, output }: EditArguments, cassette: Cassette) {
  const isDropped = chooseExchanges(operands, cassette);
  return save(
    cassette,
    selectDocuments(cassette, (entry) => !isDropped(entry)),
    output,
  );
}

async function splitCassette({ operands, output }: EditArguments, cassette: Cassette) {
  if (output === undefined) throw createEditError("split needs --output, for the exchanges that are moved");
  const isMoved = chooseExchanges(operands, cassette);
  const isKept = (entry: CassetteEntry): boolean => !isMoved(entry);
  const moved = await save(cassette, selectDocuments(cassette, isMoved), output);
  return [...(await save(cassette, selectDocuments(cassette, isKept), undefined)), ...moved];
}

async function mergeCassettes({ operands, output }: EditArguments, cassette: Cassette) {
  const path = output ?? cassette.file;
  let merged = cassette;
  let documents = cassette.entries.map(toDocument).join("");
  if (output !== undefined) documents = await carrySidecars(cassette, toLead(cassette), documents, output);
  let { header } = cassette;
  for (const added of operands.map(readCassette)) {
    const exchanges = appendDocuments(merged, added)
      .map((exchange) => formatExchange(exchange))
      .join("");
    documents += await carrySidecars(added, formatHeader(added.header), exchanges, path);
    header = mergeHeaders(header, added.header);
    merged = { ...merged, entries: [...merged.entries, ...added.entries] };
  }
  saveCassette(path, cassette.preamble + formatHeader(header) + documents);
  return [path];
}

async function renameCassette({ operands: [path = "", ...others] }: EditArguments, cassette: Cassette) {
  if (others.length > 0) throw createEditError("rename needs one new path");
  if (existsSync(path)) throw createExistsError(path);
  const written = await save(cassette, cassette.entries.map(toDocument).join(""), path);
  removeCassette(cassette);
  return written;
}

function retimeCassette({ tempo, maxWait, output }: EditArguments, cassette: Cassette) {
  const limit = maxWait === undefined ? undefined : parseDuration(maxWait, "--max-wait");
  const { scale, maxWaitMs } = parseTempo(tempo, limit);
  const toMs = (ms: number): number => Math.round(Math.min(ms * scale, maxWaitMs));
  return save(cassette, cassette.entries.map((entry) => retimeDocument(entry, toMs)).join(""), output);
}

function respellCassette({ output }: EditArguments, cassette: Cassette) {
  const lead = cassette.preamble + formatHeader(cassette.header);
  return save(cassette, cassette.entries.map(respellDocument).join(""), output, lead);
}

async function embedCassette({ output }: EditArguments, cassette: Cassette) {
  return save(cassette, await embedSidecars(cassette), output);
}
