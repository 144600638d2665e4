import type { HeaderField } from "../../wire/http/head.ts";

/** Request headers that matter to a daemon or a reader. Others are left out, because they may have any content. */
const KEPT_HEADERS = /^(content-type|content-encoding|x-registry-auth|x-registry-config|upgrade)$/i;

/** The request headers that a cassette keeps. `matched`: the headers that its rules compare. */
export function selectKeptHeaders(fields: readonly HeaderField[], matched: readonly string[] = []): HeaderField[] {
  const matchedNames = new Set(matched.map((name) => name.toLowerCase()));
  return fields.filter(
    ([name, value]) => matchedNames.has(name.toLowerCase()) || (KEPT_HEADERS.test(name) && !isUsual(name, value)),
  );
}

function isUsual(name: string, value: string): boolean {
  const lower = name.toLowerCase();
  return lower === "upgrade" ? value === "tcp" : lower === "content-type" && value === "application/json";
}
