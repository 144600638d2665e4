import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { toCurlRequest } from "../view/copy/copied-request.ts";
import { formatCurlAlone } from "../view/copy/format-curl.ts";
import { formatTest } from "../view/copy/format-test.ts";
import {
  canBind,
  formatChosenRule,
  listDifferingFields,
  listRuleFields,
  type RuleField,
} from "../view/copy/rule-fields.ts";
import type { PageDetail, PageFacts, PageRow } from "../view/page/page-record.ts";
import { copyText } from "./copy-text.ts";
import { toVisible } from "./visible-text.ts";

type CopyKind = "curl" | "rule" | "test";

interface CopyProps {
  readonly index: number;
  readonly detail: PageDetail;
  readonly rows: readonly PageRow[];
  readonly facts: PageFacts;
  readonly readDetail: (index: number) => PageDetail;
}

const TITLES: Readonly<Record<CopyKind, string>> = {
  curl: "copy as curl",
  rule: "copy as ignore rule",
  test: "copy as test",
};

/** The request as a command, as a rule of the header, or as a test. What is copied is shown, too. */
export function CopyPanel(props: CopyProps): JSX.Element {
  const [kind, setKind] = useState<CopyKind>();
  const rule = useRule(props);
  const texts: Readonly<Record<CopyKind, string | undefined>> = {
    curl: formatCommand(props),
    rule: rule.text,
    test: kind === "test" ? formatTest(toSource(props), props.index) : undefined,
  };
  const copier = useCopier();
  const press = (pressed: CopyKind): void => {
    setKind(pressed);
    copier.copy(pressed === "test" ? formatTest(toSource(props), props.index) : texts[pressed]);
  };
  return (
    <section class="copy" aria-label="Copy">
      {(["curl", "rule", "test"] as const).map((each) => (
        <button key={each} type="button" aria-expanded={kind === each} onClick={() => press(each)}>
          {TITLES[each]}
        </button>
      ))}
      <span role="status">{copier.status}</span>
      {kind === "rule" && <RuleChoice {...rule} onCopy={copier.copy} />}
      {kind !== undefined && <CopiedText text={texts[kind]} kind={kind} hasFields={rule.fields.length > 0} />}
    </section>
  );
}

function toSource({ facts: { file }, rows, readDetail }: CopyProps): Parameters<typeof formatTest>[0] {
  return { file, rows, readDetail };
}

function formatCommand({ rows, index, detail }: CopyProps): string | undefined {
  const request = toCurlRequest(rows[index]?.method ?? "", detail);
  return request && formatCurlAlone(request);
}

interface Copier {
  readonly status: string;
  readonly copy: (text: string | undefined) => void;
}

/** A status that is set to the same text again is not read out: the number of copies is part of it. */
function useCopier(): Copier {
  const [status, setStatus] = useState("");
  const count = useRef(0);
  const copy = async (text: string | undefined): Promise<void> => {
    if (text === undefined) return setStatus("");
    const isCopied = await copyText(text);
    count.current += 1;
    const times = count.current > 1 ? ` (${count.current})` : "";
    setStatus(isCopied ? `copied${times}` : "select the text, and copy it with the keyboard");
  };
  return { status, copy: (text) => void copy(text) };
}

/** Chosen from the start is what is known to differ. A rule holds for the whole cassette: nothing else is a guess of ours. */
function useRule({ detail, facts, rows, index }: CopyProps) {
  const line = rows[index]?.line;
  const misses = facts.report?.missed.filter((miss) => miss.line === line) ?? [];
  const changes = facts.comparison?.changed.find((change) => change.line === line)?.differences ?? [];
  const differing = [
    ...listDifferingFields(misses.flatMap(({ differences }) => differences)),
    ...listDifferingFields(changes, "request "),
  ];
  const set = listRuleFields(detail);
  const own = differing
    .filter((field) => !set.some((each) => each.field === field))
    .map((field) => ({ field, value: "" }));
  const fields: readonly RuleField[] = [...own, ...set];
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(differing));
  const [kind, setKind] = useState<"ignore" | "bind">("ignore");
  const picked = fields.filter(({ field }) => chosen.has(field));
  return { fields, chosen, setChosen, kind, setKind, picked, text: formatChosenRule(picked, kind) };
}

function RuleChoice({
  fields,
  chosen,
  setChosen,
  kind,
  setKind,
  onCopy,
}: ReturnType<typeof useRule> & { readonly onCopy: Copier["copy"] }): JSX.Element | null {
  if (fields.length === 0) return null;
  const pick = (next: ReadonlySet<string>, nextKind: "ignore" | "bind"): void => {
    setChosen(next);
    setKind(nextKind);
    onCopy(
      formatChosenRule(
        fields.filter(({ field }) => next.has(field)),
        nextKind,
      ),
    );
  };
  const toggle = (field: string): void => {
    const rest = [...chosen].filter((each) => each !== field);
    pick(new Set(rest.length < chosen.size ? rest : [...rest, field]), kind);
  };
  const isSingle = canBind(fields.filter(({ field }) => chosen.has(field)));
  return (
    <fieldset>
      <legend>What may differ, in every request of the cassette?</legend>
      {fields.map(({ field, value }) => (
        <label key={field}>
          <input type="checkbox" checked={chosen.has(field)} onChange={() => toggle(field)} />{" "}
          <code>{toVisible(field)}</code> <span class="more">{toVisible(value.slice(0, 60))}</span>
        </label>
      ))}
      {isSingle && (
        <label class="bind">
          <input
            type="checkbox"
            checked={kind === "bind"}
            onChange={() => pick(chosen, kind === "bind" ? "ignore" : "bind")}
          />{" "}
          let today's value stand for the recorded one from then on
        </label>
      )}
    </fieldset>
  );
}

function CopiedText({
  text,
  kind,
  hasFields,
}: {
  readonly text: string | undefined;
  readonly kind: CopyKind;
  readonly hasFields: boolean;
}): JSX.Element {
  if (text === undefined) return <p class="none">{explainNothing(kind, hasFields)}</p>;
  return <textarea readOnly class="log" aria-label={TITLES[kind]} rows={countRows(text)} value={text} />;
}

const TALLEST = 18;

function countRows(text: string): number {
  return Math.min(text.split("\n").length, TALLEST);
}

function explainNothing(kind: CopyKind, hasFields: boolean): string {
  if (kind !== "rule")
    return "It leaves HTTP, or has no answer: a plain client of HTTP cannot ask for it. Use the client that was recorded.";
  return hasFields
    ? "Choose what may differ; the rule goes into the header of the cassette."
    : "It has neither a query nor a body of JSON: no rule can name a part of it.";
}
