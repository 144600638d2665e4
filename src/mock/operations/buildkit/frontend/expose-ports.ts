/** EXPOSE (buildkit frontend/dockerfile/dockerfile2llb/convert_expose.go). */
import { badParameter } from "../../../model/api-error.ts";
import type { DockerfileInstruction } from "../../dockerfile/instruction.ts";
import { lexWord } from "../../dockerfile/shell-lexer.ts";
import { LINT_RULES } from "../lint/lint-rules.ts";
import type { FrontendScope } from "./frontend-scope.ts";
import { type StageDraft, withHistory } from "./stage-draft.ts";

const PROTOCOLS: ReadonlySet<string> = new Set(["tcp", "udp", "sctp"]);
const LAST_PORT = 65_535;

/** @throws ApiError 400 for what is no port */
export function exposePorts(scope: FrontendScope, draft: StageDraft, instruction: DockerfileInstruction): StageDraft {
  const { escapeMark } = scope.plan.dockerfile;
  const words = instruction.args.flatMap((word) => {
    const { text, error } = lexWord(word, { variables: draft.variables, escapeMark });
    if (error !== undefined) throw error;
    return text.split(/\s+/).filter((port) => port !== "");
  });
  const ports = words.sort().flatMap((word) => parsePorts(scope, instruction, word));
  const { config } = draft;
  const all = [...Object.keys(config.ExposedPorts ?? {}), ...ports].sort();
  const ExposedPorts = Object.fromEntries(all.map((port) => [port, {}]));
  return withHistory({ ...draft, config: { ...config, ExposedPorts } }, `EXPOSE [${ports.join(" ")}]`);
}

/** `80`, `53/udp`, `8000-8010`, and `127.0.0.1:80:80`, of which only the last part counts. */
function parsePorts({ linter }: FrontendScope, instruction: DockerfileInstruction, word: string): readonly string[] {
  const parts = word.split(":");
  const [range = "", protocol = "tcp"] = (parts.at(-1) ?? "").split("/");
  const fail = (why: string): Error => badParameter(`invalid port: ${JSON.stringify(word)}: ${why}`);
  if (range === "") throw fail("no port specified");
  if (!PROTOCOLS.has(protocol.toLowerCase())) throw fail(`invalid proto: ${protocol}`);
  if (protocol !== protocol.toLowerCase())
    linter.warn(
      LINT_RULES.exposeProtoCasing,
      instruction,
      `Defined protocol '${word}' in EXPOSE instruction should be lowercase`,
    );
  if (parts.length > 1) {
    const what = "EXPOSE instruction should not define an IP address or host-port mapping";
    linter.warn(LINT_RULES.exposeInvalidFormat, instruction, `${what}, found '${word}'`);
  }
  const [first, last = first] = range.split("-").map(Number);
  const isRange =
    /^\d+(?:-\d+)?$/.test(range) && (first as number) <= (last as number) && (last as number) <= LAST_PORT;
  if (!isRange) throw badParameter(`invalid containerPort: ${range}`);
  const count = (last as number) - (first as number) + 1;
  return Array.from({ length: count }, (_, index) => `${(first as number) + index}/${protocol.toLowerCase()}`);
}
