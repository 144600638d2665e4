/** Matches behaviours against containers and commands. */
import { escapePattern } from "../../../base/escape-pattern.ts";
import type { BehaviourMatch } from "./behaviour.ts";

/** What a behaviour is looked up by. */
export interface BehaviourTarget {
  /** The image's name in the container's settings. */
  readonly image: string;
  readonly container: string;
  readonly argv: readonly string[];
}

export function isMatch({ image, container, command }: BehaviourMatch, target: BehaviourTarget): boolean {
  return (
    (image === undefined || isImageMatch(image, target.image)) &&
    (container === undefined || isWildcardMatch(container, target.container)) &&
    (command === undefined || isCommandMatch(command, target.argv))
  );
}

/** A pattern without a tag matches all tags. */
function isImageMatch(pattern: string, image: string): boolean {
  return isWildcardMatch(pattern, image) || isWildcardMatch(pattern, image.replace(/:[^:/]*$/, ""));
}

/** One word matches a command's name, with any arguments and in any folder. */
function isCommandMatch(pattern: string, argv: readonly string[]): boolean {
  const [name = ""] = argv;
  if (/\s/.test(pattern)) return isWildcardMatch(pattern, argv.join(" "));
  return isWildcardMatch(pattern, name) || isWildcardMatch(pattern, name.replace(/^.*\//, ""));
}

function isWildcardMatch(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map(escapePattern);
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}
