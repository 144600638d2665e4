import { request, upgradeRequest } from "../../playbook/http.ts";
import type { Scenario } from "../../playbook/scenario.ts";

/** A kind of exchange, as a scenario, and the cassette that a recording of it is. */
export interface Kind {
  readonly kind: string;
  readonly scenario: Scenario;
  /** The cassette's text behind its header. */
  readonly cassette: string;
}

export const ID = "3f1c0a9be2d4".padEnd(64, "0");
export const STARTED: Buffer = request(`POST /v1.41/containers/${ID}/start`);
export const ATTACH: Buffer = upgradeRequest(`POST /v1.41/containers/${ID}/attach?stream=1&stdin=1&stdout=1&stderr=1`);
export const LOGS: Buffer = request(`GET /v1.41/containers/${ID}/logs?stdout=1`);
