import type { TreeNode } from "../../userland/files/node.ts";

/** What is at a path of the machine; undefined where nothing is. */
export type HostFiles = (path: string) => TreeNode | undefined;
