/** A text as it passes: kept in files, and summed up. */
import { createHash } from "node:crypto";
import type { Program } from "../../process/process.ts";
import { Inputs } from "../inputs.ts";
import { readOptions } from "../read-options.ts";

export const tee: Program = async (self) => {
  const { flags, words } = readOptions(self.argv);
  for (const path of words) self.disk.write(self.resolvePath(path), Buffer.alloc(0), { appends: flags.has("a") });
  for (let bytes = await self.read(); bytes !== undefined; bytes = await self.read()) {
    await self.writeStdout(bytes);
    for (const path of words) self.disk.write(self.resolvePath(path), bytes, { appends: true });
  }
  return 0;
};

/** md5sum, sha256sum and their kin, told apart by the name they are called by. */
export const checksum: Program = async (self) => {
  const algorithm = (self.argv[0] ?? "").split("/").at(-1)?.replace(/sum$/, "") ?? "sha256";
  const inputs = new Inputs(self, readOptions(self.argv).words);
  for await (const { name, pieces } of inputs) {
    const hash = createHash(algorithm);
    for await (const bytes of pieces()) hash.update(bytes);
    await self.writeStdout(`${hash.digest("hex")}  ${name}\n`);
  }
  return Number(inputs.failed);
};

export const base64: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "w");
  const bytes = await new Inputs(self, words).readWhole();
  if (flags.has("d")) await self.writeStdout(Buffer.from(bytes.toString("latin1"), "base64"));
  else {
    const width = Number(flags.get("w") ?? 76);
    const text = bytes.toString("base64");
    await self.writeStdout(width === 0 ? text : text.replace(new RegExp(`.{1,${width}}`, "g"), "$&\n"));
  }
  return 0;
};
