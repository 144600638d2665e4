/** A simulated daemon as a test holds it, in memory, and clients that ask it one thing a connection. */

import { recordCalls } from "../../src/mock/daemon/calls/record-calls.ts";
import { mockCommands } from "../../src/mock/daemon/control.ts";
import { createEngine } from "../../src/mock/daemon/create-engine.ts";
import type { StateLiteral } from "../../src/mock/daemon/fixtures/state-literal.ts";
import { mock } from "../../src/mock/daemon/mock.ts";
import { Simulation } from "../../src/mock/daemon/simulation.ts";
import type { Engine } from "../../src/mock/operations/engine.ts";
import type { Daemon } from "../../src/session/connection.ts";
import { controlled } from "../../src/session/control.ts";
import { daemon } from "../../src/session/daemon.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { jsonRequest, request } from "./http.ts";
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
    this.#daemon = daemon(
      controlled(mockCommands(simulation)),
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

  /** Asks, and hears the whole answer. `line`: `POST /v1.41/containers/create`. */
  async asks(line: string, body?: unknown): Promise<TestResponse> {
    const client = this.client();
    await client.sends(body === undefined ? request(line) : jsonRequest(line, body));
    await client.closesItsHalf();
    return parseTestResponse(await client.hearsAll(), line);
  }
}
