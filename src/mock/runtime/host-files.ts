import type { TreeNode } from "../../userland/files/node.ts";

/** Reads the file or the folder at a path of this machine. Undefined for an unknown path. */
export type HostFiles = (path: string) => TreeNode | undefined;
