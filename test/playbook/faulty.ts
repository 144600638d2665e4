/** A daemon that says what a test gives it, with faults before it. */

import { injectFaults } from "../../src/faults/fault-responder.ts";
import { FaultSet } from "../../src/faults/fault-set.ts";
import { readFaults } from "../../src/faults/read-faults.ts";
import { writeError } from "../../src/replay/write-error.ts";
import type { Call } from "../../src/session/call.ts";
import { createDaemon } from "../../src/session/daemon.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { Peer } from "./peer.ts";
import { TestClock } from "./test-clock.ts";

export class Faulty {
  readonly clock = new TestClock();
  readonly faults: FaultSet;
  /** What the daemon was asked, past the faults. */
  readonly calls: string[] = [];
  /** What comes next of what is taken for chance; 0 when all is used up. */
  readonly chances: number[] = [];
  readonly #says: (call: Call) => void | Promise<void>;

  constructor(yaml: string, says: string | Buffer | ((call: Call) => void | Promise<void>)) {
    this.faults = new FaultSet(readFaults(yaml, "faults.yaml"));
    this.#says =
      typeof says === "function" ? says : (call) => call.connection.write(Buffer.from(says as string, "latin1"));
  }

  client(namesOf: (call: Call) => readonly string[] = () => []): Peer {
    const [near, far] = connectionPair();
    const answers = createDaemon(
      injectFaults(this.faults, {
        clock: this.clock,
        random: () => this.chances.shift() ?? 0,
        refuse: (call, status, message) => writeError(call, status, "Refused", message),
        namesOf,
      }),
      async (call) => {
        this.calls.push(`${call.head.method} ${call.head.target}`);
        await this.#says(call);
        return true;
      },
    );
    void answers(far);
    return new Peer(near);
  }
}
