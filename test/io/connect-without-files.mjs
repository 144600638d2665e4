// Connects when no file can be opened any more, and prints why it cannot. Its word is the module of `connect`.
import { openSync } from "node:fs";

const { connect } = await import(process.argv[2]);
try {
  for (;;) openSync("/dev/null", "r");
} catch {
  await connect({ kind: "unix", path: "/no/such.sock" }).catch((error) => process.stdout.write(error.message));
}
