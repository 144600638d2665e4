import type { Reporter, TestCase } from "vitest/node";

/**
 * Tests with real sockets and real clocks may fail on a crowded machine, so CI tries a failed one again. This names each
 * that passed only then: green is never said without it.
 */
export class NamesRetries implements Reporter {
  readonly #retried: string[] = [];

  onTestCaseResult(test: TestCase): void {
    const { retryCount = 0, flaky = false } = test.diagnostic() ?? {};
    if (flaky) this.#retried.push(`${test.module.relativeModuleId} > ${test.fullName} (${retryCount + 1} tries)`);
  }

  onTestRunEnd(): void {
    for (const name of this.#retried) console.log(`passed only when tried again: ${name}`);
  }
}

/** Further tries of a failed test: none but in CI. */
export const RETRIES = process.env.CI ? 2 : 0;
