import type { TreeNode } from "../world/files/node.ts";

/** What is at a path of the machine; undefined where nothing is. */
export type HostFiles = (path: string) => TreeNode | undefined;
