import type { Program } from "../../userland/process/process.ts";

export const HELLO_WORLD = "hello-world";

const GREETING = `
Hello from Docker!
This message comes from whalesong's simulated daemon: no container has run,
and yet your client has created, attached to, started and waited for one.

To see more, try a shell in the built-in busybox:
 $ docker run -it busybox sh

`;

export const printGreeting: Program = async (self) => {
  await self.writeStdout(GREETING);
  return 0;
};
