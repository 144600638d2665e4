/** `--output -` means standard output, as in most programs. */
import { UsageMistake } from "./usage/usage-mistake.ts";

export const STANDARD_OUTPUT = "-";

/**
 * @param why why `verb` cannot write there: `a bundle is binary`
 * @throws UsageMistake for `--output -`
 */
export function refuseStandardOutput(output: string | undefined, verb: string, why: string): void {
  if (output !== STANDARD_OUTPUT) return;
  throw new UsageMistake(`\`-\` is standard output, and ${why}: name a file`, verb);
}
