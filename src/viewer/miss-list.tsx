import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { foldZeroValues } from "../view/digest/json-value.ts";
import type { PageDifference, PageMiss, PageReport, PageRow } from "../view/page/page-record.ts";
import { ScrollRegion } from "./text-block.tsx";
import { toVisible } from "./visible-text.ts";

/** How a replay went, and each request that no exchange answered. */
export function MissList({
  report,
  rows,
  onSelect,
}: {
  readonly report: PageReport;
  readonly rows: readonly PageRow[];
  readonly onSelect: (index: number) => void;
}): JSX.Element {
  const { played, missed, unplayed, remarks } = report;
  return (
    <section class="report" aria-label="Report of the replay">
      <p>
        <b>Replayed:</b> {played} played, {missed.length} missed, {unplayed.length} unplayed
      </p>
      <ul>
        {missed.map((miss, at) => {
          const nearest = rows.findIndex(({ line }) => line === miss.line);
          return (
            <li key={`${at} ${miss.target}`}>
              <span class="failed">{toVisible(`${miss.method} ${miss.target}`)}</span>{" "}
              {nearest !== -1 && (
                <button type="button" onClick={() => onSelect(nearest)}>
                  nearest: #{rows[nearest]?.number}
                </button>
              )}
            </li>
          );
        })}
        {remarks.map((remark) => (
          <li key={remark}>{toVisible(remark)}</li>
        ))}
      </ul>
    </section>
  );
}

/** What a replay asked for, beside the recorded request. */
export function MissTable({ miss }: { readonly miss: PageMiss }): JSX.Element {
  return (
    <DifferenceTable
      title="A replay asked for something else"
      request={`${miss.method} ${miss.target}`}
      columns={["recorded", "requested"]}
      differences={miss.differences}
    />
  );
}

interface DifferenceTableProps {
  readonly title: string;
  /** @default "h3" */
  readonly heading?: "h2" | "h3";
  readonly request?: string;
  readonly columns: readonly [was: string, is: string];
  readonly differences: readonly PageDifference[];
}

/** Two sides. Zero values that were not sent again mean the same, and are left out. */
export function DifferenceTable(props: DifferenceTableProps): JSX.Element {
  const { title, heading: Heading = "h3", request, columns, differences } = props;
  const [isWhole, setWhole] = useState(false);
  const telling = differences.filter(({ recorded, got }) => toShown(recorded) !== toShown(got));
  const shown = isWhole || telling.length === 0 ? differences : telling;
  return (
    <section class="miss">
      <Heading>{title}</Heading>
      {request !== undefined && <p>{toVisible(request)}</p>}
      <ScrollRegion kind="scroll" label={`Differences: ${title}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">field</th>
              <th scope="col">{columns[0]}</th>
              <th scope="col">{columns[1]}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ field, recorded, got }) => (
              <tr key={field}>
                <th scope="row">{toVisible(field)}</th>
                <td class="was">{toVisible(toShown(recorded))}</td>
                <td class="is">{toVisible(toShown(got))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {telling.length > 0 && telling.length < differences.length && (
        <button type="button" class="zeros" aria-pressed={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? "hide what is not set" : "show what is not set"}
        </button>
      )}
    </section>
  );
}

/** A value without what is not set in it. */
function toShown(value: string | undefined): string {
  if (value === undefined || value === "") return "nothing";
  try {
    const folded = foldZeroValues(JSON.parse(value));
    return folded === undefined ? "nothing" : typeof folded === "object" ? JSON.stringify(folded, null, 2) : value;
  } catch {
    return value;
  }
}
