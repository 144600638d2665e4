/** `nslookup`: what the name server says; it does not know what is in /etc/hosts. */
import type { Program } from "../../process/process.ts";

const NO_ANSWER = "Non-authoritative answer:\n";

export const nslookup: Program = async (self) => {
  const [, name = ""] = self.argv;
  const { host } = self.table;
  const address = host.findAddress(name.toLowerCase().replace(/\.$/, ""));
  await self.writeStdout(`Server:\t\t${host.nameserver}\nAddress:\t${host.nameserver}:53\n\n`);
  if (address === undefined) {
    const complaint = `** server can't find ${name}: NXDOMAIN\n\n`;
    await self.writeStdout(complaint.repeat(2));
    return 1;
  }
  await self.writeStdout(`${NO_ANSWER}Name:\t${name}\nAddress: ${address}\n\n${NO_ANSWER}\n`);
  return 0;
};
