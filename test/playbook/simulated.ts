/** A simulated daemon in memory with a call log and hooks, and clients that send one request each. */

import { recordCalls } from "../../src/mock/daemon/calls/record-calls.ts";
import { mockCommands } from "../../src/mock/daemon/control.ts";
import { createEngine } from "../../src/mock/daemon/create-engine.ts";
import type { StateLiteral } from "../../src/mock/daemon/fixtures/state-literal.ts";
import { mock } from "../../src/mock/daemon/mock.ts";
import { Simulation } from "../../src/mock/daemon/simulation.ts";
import type { Engine } from "../../src/mock/operations/engine.ts";
import type { Daemon } from "../../src/session/connection.ts";
import { createControlResponder } from "../../src/session/control.ts";
import { createDaemon } from "../../src/session/daemon.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { encodeJsonRequest, request } from "./http.ts";
import { parseTestResponse, START, type TestResponse } from "./mocked.ts";
import { Peer } from "./peer.ts";
import { TestClock } from "./test-clock.ts";

export class SimulatedDaemon {
  readonly clock = new TestClock();
  readonly faults: unknown[] = [];
  readonly simulation: Simulation;
  readonly #daemon: Daemon;

  constructor(initial: StateLiteral = {}, isExpected: Parameters<typeof recordCalls>[0]["isExpected"] = () => true) {
    const onFault = (fault: unknown): void => void this.faults.push(fault);
    const make = (): Engine => createEngine({ clock: this.clock, startMs: START, isTicking: true, onFault });
    this.simulation = new Simulation(make, [initial]);
    const { simulation } = this;
    this.#daemon = createDaemon(
      createControlResponder(mockCommands(simulation)),
      recordCalls({
        calls: simulation.calls,
        hooks: simulation.hooks,
        engine: () => simulation.engine,
        isExpected,
        onResponse: (call) => simulation.emit("call", call),
      }),
      (call) => mock(simulation.engine)(call),
    );
  }

  client(): Peer {
    const [near, far] = connectionPair();
    this.#daemon(far).catch((fault: unknown) => this.faults.push(fault));
    return new Peer(near);
  }

  /** Sends a request and reads the whole response. `line`: `POST /v1.41/containers/create`. */
  async asks(line: string, body?: unknown): Promise<TestResponse> {
    const client = this.client();
    await client.sends(body === undefined ? request(line) : encodeJsonRequest(line, body));
    await client.closesItsHalf();
    return parseTestResponse(await client.hearsAll(), line);
  }
}
