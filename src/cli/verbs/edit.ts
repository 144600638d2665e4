import { existsSync } from "node:fs";
import type { Argv } from "yargs";
import { parseDuration } from "../../base/duration.ts";
import { UsageError } from "../../base/errors.ts";
import { formatCount } from "../../base/format-count.ts";
import type { TextPieces } from "../../base/gather-text.ts";
import { escapeToLine } from "../../base/printable.ts";
import type { CassetteEntry, CassetteWalk } from "../../cassette/read.ts";
import { formatHeader } from "../../cassette/write.ts";
import {
  CassetteMerge,
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
import { walkCassette, walkPieces } from "../../io/disk/read-cassette.ts";
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
  readonly tempo: string | undefined;
  readonly maxWait: string | undefined;
}

/** An action, and what its operands are; undefined: it has none. */
interface EditAction {
  readonly operands: string | undefined;
  readonly run: (argv: EditArguments, cassette: CassetteWalk) => Promise<readonly string[]>;
  /** Lines about what was written. @default none */
  readonly explain?: (edited: CassetteWalk) => readonly string[];
}

const ACTIONS: Readonly<Record<string, EditAction>> = {
  keep: { operands: "exchanges such as `3-5` or `start`", run: keepExchanges },
  drop: { operands: "exchanges such as `3-5` or `start`", run: dropExchanges, explain: explainEmpty },
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
      tempo: { type: "string", describe: "With retime: none, or a speed like 2x" },
      "max-wait": { type: "string", describe: "With retime: shorten longer waits to this, e.g. 200ms" },
    })
    .example("$0 edit keep web.yaml 1-5,start", "Keep only these exchanges")
    .example("$0 edit drop web.yaml 4", "Remove this one")
    .example("$0 edit split web.yaml 6-9 -o down.yaml", "Move these exchanges into a cassette of their own")
    .example("$0 edit merge web.yaml down.yaml", "Put the exchanges of down.yaml behind those of web.yaml")
    .example("$0 edit rename web.yaml test/up.yaml", "Move the cassette, and the files beside it")
    .example("$0 edit retime web.yaml --max-wait 200ms", "Shorten the waits")
    .example("$0 edit fmt web.yaml", "Spell it as a recorder does")
    .example("$0 edit embed web.yaml", "Put the files beside it into the cassette");
}

async function editCassette(argv: EditArguments, { stderr }: Terminal): Promise<number> {
  const action = ACTIONS[argv.action];
  const count = argv.operands.length;
  if (action === undefined || (action.operands === undefined ? count > 0 : count === 0))
    throw createOperandError(argv.action, action?.operands);
  refuseSwapped(argv);
  refuseTimeFlags(argv);
  refuseStandardOutput(argv.output, "edit", "a cassette may have sidecars");
  const written = await walkCassette(argv.cassette, (cassette) => {
    assertEditable(cassette, argv.output);
    return action.run(argv, cassette);
  });
  for (const path of written) for (const line of await walkCassette(path, describeEdited(action))) stderr.write(line);
  return 0;
}

/** `edit keep 1-5 web.yaml`: the exchanges stand where the cassette is to be. */
function refuseSwapped({ action, cassette, operands }: EditArguments): void {
  const [file = ""] = operands;
  if (operands.length !== 1 || existsSync(cassette) || !existsSync(file) || !/^[\w,-]+$/.test(cassette)) return;
  throw createEditError(`the cassette comes first: \`edit ${action} ${file} ${cassette}\``);
}

/** They would be ignored: no other action looks at waits. */
function refuseTimeFlags({ action, tempo, maxWait }: EditArguments): void {
  const flag = tempo !== undefined ? "--tempo" : maxWait !== undefined ? "--max-wait" : undefined;
  if (action !== "retime" && flag !== undefined) throw createEditError(`${action} has no \`${flag}\`, retime has it`);
}

function assertEditable({ file, header, torn }: CassetteWalk, output: string | undefined): void {
  if (header.isUnfinished || torn !== undefined)
    throw createEditError(`\`${file}\` is unfinished; record it to its end first`);
  if (output !== undefined && existsSync(output)) throw createExistsError(output);
}

/** The lines about a cassette that was written. */
function describeEdited({ explain }: EditAction): (edited: CassetteWalk) => Promise<readonly string[]> {
  return async (edited) => {
    const counts = `${formatCount(edited.entries.length, "exchange")}, ${formatCount(listSidecarPaths(edited).size, "sidecar")}`;
    const remarks = explain?.(edited) ?? [];
    return [`${styleGreen(edited.file)}  ${counts}\n`, ...remarks.map((line) => `  ${escapeToLine(line)}\n`)];
  };
}

function createOperandError(action: string, operands: string | undefined): UsageError {
  return createEditError(operands === undefined ? `${action} has no operands` : `${action} needs ${operands}`);
}

function createEditError(why: string): UsageError {
  return new UsageError("WHALESONG_CANNOT_EDIT", `cannot edit: ${why}; see whalesong edit --help`);
}

/** In place, or with its own sidecars at `--output`. */
async function save(
  cassette: CassetteWalk,
  documents: TextPieces,
  output: string | undefined,
  lead = cassette.preamble + cassette.headerText,
): Promise<readonly string[]> {
  const path = output ?? cassette.file;
  const carried = output === undefined ? documents : carrySidecars(documents, cassette.file, output);
  await saveCassette(path, prepend(lead, carried), output === undefined ? cassette : undefined);
  return [path];
}

async function* prepend(lead: string, documents: TextPieces): AsyncGenerator<string> {
  yield lead;
  yield* documents;
}

function* mapEntries({ entries }: CassetteWalk, toText: (entry: CassetteEntry) => string): Generator<string> {
  for (const entry of entries) yield toText(entry);
}

function keepExchanges({ operands, output }: EditArguments, cassette: CassetteWalk) {
  return save(cassette, selectDocuments(cassette, chooseExchanges(operands, cassette)), output);
}

function dropExchanges({ operands, output }: EditArguments, cassette: CassetteWalk) {
  const isDropped = chooseExchanges(operands, cassette);
  return save(
    cassette,
    selectDocuments(cassette, (entry) => !isDropped(entry)),
    output,
  );
}

/** To drop all by their numbers may be meant; a replay of what is left answers nothing, though. */
function explainEmpty({ entries }: CassetteWalk): readonly string[] {
  return entries.length > 0 ? [] : ["no exchange is left: every request of a replay is a miss"];
}

async function splitCassette({ operands, output }: EditArguments, cassette: CassetteWalk) {
  if (output === undefined) throw createEditError("split needs --output, for the exchanges that are moved");
  const isMoved = chooseExchanges(operands, cassette);
  const isKept = (entry: CassetteEntry): boolean => !isMoved(entry);
  if (!hasSome(cassette, isKept))
    throw createEditError(
      `split would leave \`${cassette.file}\` without an exchange; \`edit rename\` moves all of them`,
    );
  const moved = await save(cassette, selectDocuments(cassette, isMoved), output);
  return [...(await save(cassette, selectDocuments(cassette, isKept), undefined)), ...moved];
}

function hasSome({ entries }: CassetteWalk, isChosen: (entry: CassetteEntry) => boolean): boolean {
  for (const entry of entries) if (isChosen(entry)) return true;
  return false;
}

async function mergeCassettes({ operands, output }: EditArguments, cassette: CassetteWalk) {
  const path = output ?? cassette.file;
  const merge = new CassetteMerge(cassette);
  for (const added of operands) await walkCassette(added, async (walk) => merge.add(walk));
  const own = mapEntries(cassette, toDocument);
  const pieces = async function* (): AsyncGenerator<string> {
    yield cassette.preamble + formatHeader(merge.header);
    yield* output === undefined ? own : carrySidecars(own, cassette.file, output);
    for (const [number, added] of operands.entries())
      yield* walkPieces(added, (walk) => carrySidecars(merge.listDocuments(walk, number), added, path));
  };
  await saveCassette(path, pieces());
  return [path];
}

async function renameCassette({ operands: [path = "", ...others] }: EditArguments, cassette: CassetteWalk) {
  if (others.length > 0) throw createEditError("rename needs one new path");
  if (existsSync(path)) throw createExistsError(path);
  const written = await save(cassette, mapEntries(cassette, toDocument), path);
  removeCassette(cassette);
  return written;
}

function retimeCassette({ tempo, maxWait, output }: EditArguments, cassette: CassetteWalk) {
  if (tempo === undefined && maxWait === undefined)
    throw createEditError("retime needs `--tempo`, `--max-wait` or both");
  const limit = maxWait === undefined ? undefined : parseDuration(maxWait, "--max-wait");
  const { scale, maxWaitMs } = parseTempo(tempo ?? "recorded", limit);
  const toMs = (ms: number): number => Math.round(Math.min(ms * scale, maxWaitMs));
  return save(
    cassette,
    mapEntries(cassette, (entry) => retimeDocument(entry, toMs)),
    output,
  );
}

function respellCassette({ output }: EditArguments, cassette: CassetteWalk) {
  const lead = cassette.preamble + formatHeader(cassette.header);
  return save(cassette, mapEntries(cassette, respellDocument), output, lead);
}

function embedCassette({ output }: EditArguments, cassette: CassetteWalk) {
  return save(cassette, embedSidecars(cassette), output);
}
