import type { Match } from "./behaviour.ts";

/** What a behaviour is looked for with. */
export interface Wanted {
  /** As it was named when the container was made. */
  readonly image: string;
  readonly container: string;
  readonly argv: readonly string[];
}

export function fits({ image, container, command }: Match, wanted: Wanted): boolean {
  return (
    (image === undefined || isImage(image, wanted.image)) &&
    (container === undefined || glob(container, wanted.container)) &&
    (command === undefined || isCommand(command, wanted.argv))
  );
}

/** A pattern without a tag is for all tags. */
function isImage(pattern: string, image: string): boolean {
  return glob(pattern, image) || glob(pattern, image.replace(/:[^:/]*$/, ""));
}

/** One word is a command's name, whatever its arguments and wherever it lies. */
function isCommand(pattern: string, argv: readonly string[]): boolean {
  const [name = ""] = argv;
  if (/\s/.test(pattern)) return glob(pattern, argv.join(" "));
  return glob(pattern, name) || glob(pattern, name.replace(/^.*\//, ""));
}

function glob(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}
