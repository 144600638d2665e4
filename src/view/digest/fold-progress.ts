/** The JSON messages of a pull, push, load or build in their final state: one line for each layer. */
import { getText, getTexts, parseJsonBytes } from "./json-value.ts";
import type { StreamLane, StreamLine } from "./stream-line.ts";

interface ProgressLine {
  readonly isError?: boolean;
  text: string;
}

/** Texts are joined to lines of `lane`; of the messages with an `id` the last one counts, at the place of the first. */
export function foldProgress(messages: readonly Buffer[], lane: StreamLane): readonly StreamLine[] {
  const lines: ProgressLine[] = [];
  const byId = new Map<string, ProgressLine>();
  let text = "";
  for (const message of messages) {
    const json = parseJsonBytes(message);
    const id = getText(json, "id");
    text += getText(json, "stream");
    const status = describeStatus(json, message);
    if (status === undefined) continue;
    const known = byId.get(id);
    if (known !== undefined) known.text = status.text;
    else lines.push(status);
    if (id !== "" && known === undefined) byId.set(id, status);
  }
  const printed = text.split("\n").filter((line) => line.trim() !== "");
  return [
    ...printed.map((line): StreamLine => ({ lane, text: line })),
    ...lines.map((line): StreamLine => ({ lane: line.isError === true ? "stderr" : "progress", text: line.text })),
  ];
}

/** Undefined where a message is text alone, or only names what was made. */
function describeStatus(json: unknown, message: Buffer): ProgressLine | undefined {
  const error = getText(json, "errorDetail", "message") || getText(json, "error");
  if (error !== "") return { text: `error: ${error}`, isError: true };
  const [id, status] = [getText(json, "id"), getText(json, "status")];
  if (status !== "") return { text: id === "" ? status : `${id}: ${status}` };
  if (json === undefined) return { text: message.toString("utf8") };
  const isQuiet = getText(json, "stream") !== "" || getTexts(json, "stream").length > 0 || hasAux(json);
  return isQuiet ? undefined : { text: message.toString("utf8") };
}

function hasAux(json: unknown): boolean {
  return typeof json === "object" && json !== null && ("aux" in json || "stream" in json);
}
