import { writeFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "vitest";
import { readPieces, recordPieces } from "/work/main/test/record/builds/record-capture.ts";
test.each(["plain","failing","secret","local","bake","cancelled","stdin","cached","metadata","reads","c20-plain","c20-failing","c20-secret","c20-local","c20-tar"])("%s", async (name) => {
  const folder = ["plain","failing","secret","local","bake"].includes(name) ? "wire" : "here";
  const r = await recordPieces(readPieces(name, folder));
  mkdirSync(`/tmp/rec/${name}`, {recursive:true});
  writeFileSync(`/tmp/rec/${name}.yaml`, r.text);
  for (const [p,b] of r.sidecars) { mkdirSync(dirname(`/tmp/rec/${name}/${p}`),{recursive:true}); writeFileSync(`/tmp/rec/${name}/${p}`, b); }
  console.log(name, JSON.stringify(r.report), r.problems, [...r.sidecars.keys()].join(" "));
});
