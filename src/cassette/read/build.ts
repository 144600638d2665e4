import {
  createShapeError,
  createUnknownWordError,
  findKey,
  isEmpty,
  isFieldMap,
  isList,
  isText,
  readEntries,
  readFields,
  readItems,
  type YamlFields,
  type YamlPlace,
} from "../../yaml/place.ts";
import { readText } from "../../yaml/values.ts";
import type { BuildEvent } from "../build-model.ts";
import { BUILD_VERBS, readBuildEvent, readNumber } from "./build-event.ts";
import { PROGRESS_VERBS, type ProgressLine, ProgressReader } from "./progress.ts";

/** Several lines that came in one message. */
const TOGETHER = "together";
const VERBS: readonly string[] = [...Object.keys(BUILD_VERBS), ...Object.keys(PROGRESS_VERBS), TOGETHER, "cut"];

/** The lines of one message, and the build that they are of. */
interface ProgressItem {
  readonly build: number;
  readonly lines: readonly ProgressLine[];
}

/** The events of a build. */
export function readBuildEvents(place: YamlPlace): readonly BuildEvent[] {
  const items = isEmpty(place) ? [] : readItems(place, "a list of events").map(readItem);
  const progress = new ProgressReader();
  for (const item of items) if ("lines" in item) for (const line of item.lines) progress.collect(line);
  return items.map((item) =>
    "lines" in item ? { kind: "progress", build: item.build, progress: progress.read(item.lines) } : item,
  );
}

function readItem(item: YamlPlace): BuildEvent | ProgressItem {
  if (isText(item)) return readBareVerb(item);
  const fields = readEntries(item, "events like `call: ...`");
  const [verb = ""] = [...fields.keys()];
  if (verb === TOGETHER) return readTogether(fields.get(verb) as YamlPlace);
  if (verb in PROGRESS_VERBS) return toProgressItem([readLine(item, fields)]);
  if (verb in BUILD_VERBS) return readBuildEvent(item, verb, fields);
  throw createUnknownWordError(findKey(item, verb) ?? item, `event \`${verb}\``, verb, VERBS);
}

function readBareVerb(item: YamlPlace): BuildEvent {
  const text = readText(item);
  if (text === "cut") return { kind: "cut" };
  if (VERBS.includes(text)) throw createShapeError(item, `\`${text}\` must be followed by \`:\` and a value`);
  throw createUnknownWordError(item, `event \`${text}\``, text, VERBS);
}

/** A list of lines; or, for a message without any, `{build: 2}` or an empty list. */
function readTogether(value: YamlPlace): ProgressItem {
  if (isFieldMap(value))
    return { build: readNumber(readFields(value, ["build"], "`together`").get("build")), lines: [] };
  const items = isList(value) ? readItems(value) : [];
  return toProgressItem(items.map((item) => readLine(item, readEntries(item, "lines like `start: ...`"))));
}

function readLine(item: YamlPlace, fields: YamlFields): ProgressLine {
  const [verb = "", ...others] = [...fields.keys()];
  if (!(verb in PROGRESS_VERBS)) {
    throw createUnknownWordError(findKey(item, verb) ?? item, `line \`${verb}\``, verb, Object.keys(PROGRESS_VERBS));
  }
  const stray = others.find((key) => !(verb === "log" && key === "text"));
  if (stray !== undefined) {
    throw createUnknownWordError(findKey(item, stray) ?? item, `key \`${stray}\` beside \`${verb}\``, stray, [verb]);
  }
  return { verb, value: fields.get(verb) as YamlPlace, text: fields.get("text") };
}

function toProgressItem(lines: readonly ProgressLine[]): ProgressItem {
  const [first] = lines;
  const build = first === undefined ? undefined : readEntries(first.value).get("build");
  return { build: readNumber(build), lines };
}
