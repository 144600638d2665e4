/** The expression of `find`: tests and actions, with `-a`, `-o`, `!` and brackets (busybox findutils/find.c). */
import type { Process } from "../../process/process.ts";
import { AppletError, WrongUsage } from "../applet-errors.ts";
import { parseCount } from "../read-options.ts";
import { runCommand } from "../run-command.ts";
import { type FoundFile, PLAIN_TESTS, TESTS } from "./find-tests.ts";

/** What an expression changes while it runs. */
export interface FindState {
  /** The files in this folder are not looked at. */
  isPruned: boolean;
  isOver: boolean;
  status: number;
}

type FindStep = (file: FoundFile, state: FindState) => Promise<boolean> | boolean;
/** Lists of steps that must all be true; the first list that is true ends the search. */
type FindGroups = readonly (readonly FindStep[])[];

export interface FindExpression {
  readonly groups: FindGroups;
  readonly minDepth: number;
  readonly maxDepth: number;
  /** A folder comes after what is in it. */
  readonly isDepthFirst: boolean;
  readonly followsLinks: boolean;
  /** What `-exec ... +` has collected runs at the end. */
  readonly finish: () => Promise<number>;
}

const JOINERS: ReadonlySet<string> = new Set(["-a", "-and"]);

/** @throws AppletError */
export function parseFindExpression(words: readonly string[], self: Process): FindExpression {
  return new FindParser(words, self).parseAll();
}

export async function evaluateGroups(groups: FindGroups, file: FoundFile, state: FindState): Promise<boolean> {
  let result = true;
  for (const steps of groups) {
    for (const step of steps) {
      result = await step(file, state);
      if (!result || state.isOver) break;
    }
    if (result || state.isOver) break;
  }
  return result;
}

class FindParser {
  readonly #words: readonly string[];
  readonly #self: Process;
  #at = 0;
  #hasAction = false;
  #isDepthFirst = false;
  #followsLinks = false;
  #minDepth = 0;
  #maxDepth = Number.POSITIVE_INFINITY;
  readonly #batches: { readonly argv: readonly string[]; readonly names: string[] }[] = [];

  constructor(words: readonly string[], self: Process) {
    this.#words = words;
    this.#self = self;
  }

  parseAll(): FindExpression {
    const groups = this.#parseGroups(0);
    const print: FindStep = ({ shown }) => this.#print(`${shown}\n`);
    const found: FindGroups = this.#hasAction
      ? groups
      : [[(file, state) => evaluateGroups(groups, file, state), print]];
    return {
      groups: found,
      minDepth: this.#minDepth,
      maxDepth: this.#maxDepth,
      isDepthFirst: this.#isDepthFirst,
      followsLinks: this.#followsLinks,
      finish: () => this.#runBatches(),
    };
  }

  #parseGroups(depth: number): FindGroups {
    const groups: FindStep[][] = [[]];
    let isInverted = false;
    for (let word = this.#words[this.#at++]; word !== undefined; word = this.#words[this.#at++]) {
      if (word === ")" && depth > 0) return groups;
      if (word === "-o" || word === "-or") groups.push([]);
      else if (word === "!" || word === "-not") isInverted = !isInverted;
      else if (!JOINERS.has(word)) {
        const step = word === "(" ? this.#parseBrackets(depth) : this.#parseStep(word);
        if (step === undefined) continue;
        groups.at(-1)?.push(isInverted ? async (file, state) => !(await step(file, state)) : step);
        isInverted = false;
      }
    }
    if (depth > 0) throw new AppletError("unpaired '('");
    return groups;
  }

  #parseBrackets(depth: number): FindStep {
    const groups = this.#parseGroups(depth + 1);
    return (file, state) => evaluateGroups(groups, file, state);
  }

  /** Undefined for an option, which is true of all files. */
  #parseStep(word: string): FindStep | undefined {
    if (this.#parseOption(word)) return undefined;
    const [test, plain] = [TESTS[word], PLAIN_TESTS[word]];
    if (plain !== undefined) return plain(this.#self);
    if (test !== undefined) return test(this.#takeArgument(word), this.#self);
    return this.#parseAction(word);
  }

  #parseOption(word: string): boolean {
    if (word === "-maxdepth") this.#maxDepth = parseCount(this.#takeArgument(word));
    else if (word === "-mindepth") this.#minDepth = parseCount(this.#takeArgument(word));
    else if (word === "-depth") this.#isDepthFirst = true;
    else if (word === "-follow") this.#followsLinks = true;
    else return word === "-xdev" || word === "-mount" || word === "-noleaf";
    return true;
  }

  #parseAction(word: string): FindStep {
    const step = this.#findAction(word);
    if (step === undefined) throw new WrongUsage(`unrecognized: ${word}`);
    if (word !== "-prune") this.#hasAction = true;
    return step;
  }

  #findAction(word: string): FindStep | undefined {
    switch (word) {
      case "-print":
        return ({ shown }) => this.#print(`${shown}\n`);
      case "-print0":
        return ({ shown }) => this.#print(`${shown}\0`);
      case "-prune":
        return (_, state) => {
          state.isPruned = true;
          return true;
        };
      case "-quit":
        return (_, state) => {
          state.isOver = true;
          return true;
        };
      case "-delete":
        this.#isDepthFirst = true;
        return (file, state) => this.#delete(file, state);
      case "-exec":
        return this.#parseExec();
      default:
        return undefined;
    }
  }

  async #print(text: string): Promise<boolean> {
    await this.#self.writeStdout(text);
    return true;
  }

  async #delete({ path, shown, node }: FoundFile, state: FindState): Promise<boolean> {
    if (shown === ".") return true;
    const isFull =
      node.kind === "directory" && (this.#self.disk.peek(path) as typeof node | undefined)?.children.size !== 0;
    try {
      if (isFull) throw new Error("Directory not empty");
      this.#self.disk.remove(path);
      return true;
    } catch (error) {
      await this.#self.writeStderr(`find: ${shown}: ${(error as Error).message}\n`);
      state.status = 1;
      return false;
    }
  }

  /** `-exec COMMAND {} ;` for each file, or `-exec COMMAND {} +` for many. */
  #parseExec(): FindStep {
    const end = this.#words.findIndex(
      (word, at) => at >= this.#at && (word === ";" || (word === "+" && this.#words[at - 1] === "{}")),
    );
    if (end === -1) throw new AppletError("-exec requires an argument");
    const argv = this.#words.slice(this.#at, end);
    this.#at = end + 1;
    if (this.#words[end] === "+") {
      const names: string[] = [];
      this.#batches.push({ argv: argv.slice(0, -1), names });
      return ({ shown }) => names.push(shown) > 0;
    }
    return async ({ shown }) => {
      const words = argv.map((word) => word.replaceAll("{}", shown));
      return (await runCommand(this.#self, words)) === 0;
    };
  }

  async #runBatches(): Promise<number> {
    let status = 0;
    for (const { argv, names } of this.#batches) {
      if (names.length > 0 && (await runCommand(this.#self, [...argv, ...names])) !== 0) status = 1;
    }
    return status;
  }

  #takeArgument(option: string): string {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new AppletError(`${option} requires an argument`);
    return word;
  }
}
