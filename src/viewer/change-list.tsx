import type { JSX } from "preact";
import type { PageComparison, PageRow } from "../view/page/page-record.ts";
import { DifferenceTable } from "./miss-list.tsx";
import { toVisible } from "./visible-text.ts";

/** What has changed since another recording: a button for each exchange of this one, and the requests that went. */
export function ChangeList({
  comparison,
  rows,
  onSelect,
}: {
  readonly comparison: PageComparison;
  readonly rows: readonly PageRow[];
  readonly onSelect: (index: number) => void;
}): JSX.Element {
  const { first, settings, changed, came, gone, sameCount } = comparison;
  const items = [
    ...changed.map(({ line }) => ({ line, state: "changed" })),
    ...came.map((line) => ({ line, state: "came" })),
  ].sort((a, b) => a.line - b.line);
  return (
    <section class="report" aria-label="Comparison">
      <p>
        <b>Since {toVisible(first)}:</b> {changed.length} changed, {came.length} came, {gone.length} went, {sameCount}{" "}
        the same
      </p>
      {settings.length > 0 && (
        <DifferenceTable title="The header" heading="h2" columns={["was", "is"]} differences={settings} />
      )}
      <ul>
        {items.map(({ line, state }) => {
          const index = rows.findIndex((row) => row.line === line);
          return (
            <li key={line}>
              <button type="button" onClick={() => onSelect(index)}>
                {state} #{rows[index]?.number}
              </button>{" "}
              {toVisible(`${rows[index]?.verb ?? ""} ${rows[index]?.subject ?? ""}`)}
            </li>
          );
        })}
        {gone.map((title) => (
          <li key={title}>
            <span class="failed">went</span> {toVisible(title)}
          </li>
        ))}
      </ul>
    </section>
  );
}
