/** `find`: files below folders that are as an expression says. */
import { FileError } from "../../files/file-error.ts";
import type { TreeNode } from "../../files/node.ts";
import { sortByName } from "../../files/tree.ts";
import type { Process, Program } from "../../process/process.ts";
import { complain } from "../applet-errors.ts";
import { evaluateGroups, type FindExpression, type FindState, parseFindExpression } from "./find-expression.ts";

const BEGINS_EXPRESSION = /^(?:-.|[(!]$)/;

export const find: Program = async (self) => {
  const words = self.argv.slice(1);
  let followsTop = false;
  let followsAll = false;
  while (/^-[HLP]$/.test(words[0] ?? "")) {
    const option = words.shift();
    followsTop = option !== "-P";
    followsAll = option === "-L";
  }
  const end = words.findIndex((word) => BEGINS_EXPRESSION.test(word));
  const paths = end === -1 ? words : words.slice(0, end);
  const expression = parseFindExpression(end === -1 ? [] : words.slice(end), self);
  const walker = new FindWalker(self, expression, followsAll || expression.followsLinks);
  for (const path of paths.length === 0 ? ["."] : paths) await walker.walkFrom(path, followsTop);
  return Math.max(walker.state.status, await expression.finish());
};

class FindWalker {
  readonly state: FindState = { isPruned: false, isOver: false, status: 0 };
  readonly #self: Process;
  readonly #expression: FindExpression;
  readonly #followsLinks: boolean;

  constructor(self: Process, expression: FindExpression, followsLinks: boolean) {
    this.#self = self;
    this.#expression = expression;
    this.#followsLinks = followsLinks;
  }

  async walkFrom(word: string, followsTop: boolean): Promise<void> {
    try {
      const path = this.#self.resolvePath(word);
      await this.#visit(path, word, 0, this.#self.disk.stat(path, followsTop || this.#followsLinks));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.state.status = await complain(this.#self, `${word}: ${error.message}`);
    }
  }

  async #visit(path: string, shown: string, level: number, node: TreeNode): Promise<void> {
    if (this.state.isOver) return;
    await this.#self.checkpoint();
    const { isDepthFirst, maxDepth } = this.#expression;
    this.state.isPruned = false;
    if (!isDepthFirst) await this.#evaluate(path, shown, level, node);
    const isEntered = node.kind === "directory" && level < maxDepth && (isDepthFirst || !this.state.isPruned);
    if (isEntered) await this.#visitChildren(path, shown, level);
    if (isDepthFirst && !this.state.isOver) await this.#evaluate(path, shown, level, node);
  }

  async #evaluate(path: string, shown: string, level: number, node: TreeNode): Promise<void> {
    if (level >= this.#expression.minDepth)
      await evaluateGroups(this.#expression.groups, { path, shown, node }, this.state);
  }

  async #visitChildren(path: string, shown: string, level: number): Promise<void> {
    try {
      for (const [name, child] of sortByName(this.#self.disk.list(path))) {
        const target = this.#followsLinks ? this.#self.disk.peek(`${path}/${name}`) : undefined;
        await this.#visit(`${path}/${name}`, `${shown.replace(/\/$/, "")}/${name}`, level + 1, target ?? child);
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.state.status = await complain(this.#self, `${shown}: ${error.message}`);
    }
  }
}
