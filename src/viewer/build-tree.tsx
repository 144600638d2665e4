import type { JSX } from "preact";
import type { BuildStep } from "../view/page/list-build-steps.ts";
import { TextBlock } from "./text-block.tsx";
import { toVisible } from "./visible-text.ts";

/** The steps of a build: each with those that it needs beneath it, once. */
export function BuildTree({ steps }: { readonly steps: readonly BuildStep[] }): JSX.Element {
  const byNumber = new Map(steps.map((step) => [step.number, step]));
  const inputs = new Set(steps.flatMap((step) => step.inputs));
  const shown = new Set<number>();
  const draw = (step: BuildStep): JSX.Element => {
    shown.add(step.number);
    const fresh = step.inputs.filter((number) => !shown.has(number)).flatMap((number) => byNumber.get(number) ?? []);
    const known = step.inputs.filter((number) => shown.has(number));
    for (const { number } of fresh) shown.add(number);
    return (
      <li key={step.number}>
        <StepLine step={step} known={known} />
        {fresh.length > 0 && <ul>{fresh.map(draw)}</ul>}
      </li>
    );
  };
  const roots = steps.filter(({ number }) => !inputs.has(number)).reverse();
  return (
    <ul class="build" aria-label="Steps of the build, each above those that it needs">
      {roots.map(draw)}
    </ul>
  );
}

function StepLine({ step, known }: { readonly step: BuildStep; readonly known: readonly number[] }): JSX.Element {
  const { number, name, isCached, seconds, error, log } = step;
  const end =
    error !== undefined
      ? "failed"
      : isCached
        ? "cached"
        : seconds === undefined
          ? "unfinished"
          : `${seconds.toFixed(1)}s`;
  return (
    <>
      <div class="step">
        <span class="number">#{number}</span> {toVisible(name)}{" "}
        <span class={error === undefined ? "badge" : "badge failed"}>{end}</span>
        {known.length > 0 && <span class="known"> needs {known.map((each) => `#${each}`).join(", ")} too</span>}
      </div>
      {error !== undefined && <pre class="failed">{toVisible(error)}</pre>}
      {log !== "" && <TextBlock text={log} label={`Log of step ${number}`} />}
    </>
  );
}
