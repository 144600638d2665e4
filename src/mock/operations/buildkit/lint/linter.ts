/** Collects the warnings of one Dockerfile (buildkit frontend/dockerfile/linter/linter.go). */
import { findDirective } from "../../dockerfile/directive.ts";
import { SolveError } from "../solve-error.ts";
import type { LintRule } from "./lint-rules.ts";

export interface LintWarning {
  readonly rule: LintRule;
  /** What was found. */
  readonly detail: string;
  /** The lines, from 1. */
  readonly first: number;
  readonly last: number;
}

/** `# check=skip=...;error=true`. */
export interface LintSettings {
  readonly skipsAll: boolean;
  readonly skippedRules: ReadonlySet<string>;
  /** The experimental rules that are checked; `all` stands for each. */
  readonly experimentalRules: ReadonlySet<string>;
  /** A warning fails the build. */
  readonly isStrict: boolean;
}

const NO_SETTINGS: LintSettings = {
  skipsAll: false,
  skippedRules: new Set(),
  experimentalRules: new Set(),
  isStrict: false,
};
const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  "1": true,
  t: true,
  false: false,
  "0": false,
  f: false,
};

export class Linter {
  readonly #settings: LintSettings;
  readonly #report: (warning: LintWarning) => void;
  readonly #names = new Set<string>();

  constructor(settings: LintSettings, report: (warning: LintWarning) => void) {
    this.#settings = settings;
    this.#report = report;
  }

  warn(rule: LintRule, { line, lastLine }: { line: number; lastLine: number }, detail: string): void {
    if (!this.#includes(rule)) return;
    this.#names.add(rule.name);
    this.#report({ rule, detail, first: line, last: lastLine });
  }

  #includes({ name, isExperimental }: LintRule): boolean {
    const { skipsAll, skippedRules, experimentalRules } = this.#settings;
    if (isExperimental) return experimentalRules.has("all") || experimentalRules.has(name);
    return !skipsAll && !skippedRules.has(name);
  }

  /** @throws SolveError where warnings are to fail the build, and some were reported */
  check(): void {
    if (!this.#settings.isStrict || this.#names.size === 0) return;
    throw new SolveError(`lint violation found for rules: ${[...this.#names].join(", ")}`);
  }
}

/**
 * Reads the settings: those of a build argument, else those of the directive `check`.
 * @throws SolveError for an unknown setting
 */
export function readLintSettings(argument: string | undefined, text: string): LintSettings {
  const value = argument ?? findDirective(text, "check") ?? "";
  if (value.trim() === "") return NO_SETTINGS;
  return value.trim().split(";").reduce(readLintSetting, NO_SETTINGS);
}

function readLintSetting(settings: LintSettings, part: string): LintSettings {
  const [key = "", value] = part.split(/=(.*)/s).map((word) => word.trim());
  if (value === undefined) throw createOptionError(part);
  switch (key) {
    case "skip":
      if (value === "all") return { ...settings, skipsAll: true };
      return { ...settings, skippedRules: splitRules(value) };
    case "error":
      if (BOOLEANS[value.toLowerCase()] !== undefined)
        return { ...settings, isStrict: BOOLEANS[value.toLowerCase()] === true };
      throw new SolveError(
        `failed to parse check options: failed to parse check option ${JSON.stringify(part)}: strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`,
      );
    case "experimental":
      return { ...settings, experimentalRules: splitRules(value) };
    default:
      throw createOptionError(key);
  }
}

function splitRules(text: string): ReadonlySet<string> {
  return new Set(text.split(",").map((rule) => rule.trim()));
}

function createOptionError(what: string): SolveError {
  return new SolveError(`failed to parse check options: invalid check option ${JSON.stringify(what)}`);
}
