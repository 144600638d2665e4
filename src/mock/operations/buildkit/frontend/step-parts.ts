import type { StepNode } from "../build-node.ts";

/** What a step is made of, besides the files that it works on. */
export interface StepParts {
  readonly inputs: StepNode["inputs"];
  /** All that its result depends on, besides its inputs. */
  readonly definition: readonly unknown[];
  readonly toKey: StepNode["toKey"];
  readonly work: StepNode["work"];
  /** In the image's history. */
  readonly createdBy: string;
}
