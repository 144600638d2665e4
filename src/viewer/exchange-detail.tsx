import type { JSX } from "preact";
import type { BodyRecord, MessageRecord } from "../view/digest/exchange-record.ts";
import type { PageDetail, PageFacts, PageRow } from "../view/page/page-record.ts";
import { BuildTree } from "./build-tree.tsx";
import { CopyPanel } from "./copy-panel.tsx";
import { JsonTree } from "./json-tree.tsx";
import { DifferenceTable, MissTable } from "./miss-list.tsx";
import { RequestLink, StreamView } from "./stream-view.tsx";
import { TextBlock } from "./text-block.tsx";
import { toVisible } from "./visible-text.ts";

interface DetailProps {
  readonly row: PageRow;
  readonly detail: PageDetail;
  readonly rows: readonly PageRow[];
  readonly facts: PageFacts;
  /** The places of the polls that are folded into this one. */
  readonly folded: readonly number[];
  readonly onSelect: (index: number) => void;
  readonly readDetail: (index: number) => PageDetail;
}

/** All of one exchange. */
export function ExchangeDetail({ row, detail, rows, facts, folded, onSelect, readDetail }: DetailProps): JSX.Element {
  const { number, method, verb, subject, detail: more, status, outcome, hasFailed } = row;
  const changes = facts.comparison?.changed.find(({ line }) => line === row.line)?.differences ?? [];
  const misses = facts.report?.missed.filter(({ line }) => line === row.line) ?? [];
  const { request, response, stream = [], steps = [], lines } = detail;
  return (
    <article>
      <h2>
        <a href={`#${number}`} class="number">
          #{number}
        </a>{" "}
        {toVisible(verb)} <span class="subject">{toVisible(subject)}</span>{" "}
        <span class={`status ${hasFailed ? "failed" : "good"}`}>{toVisible(status)}</span>
      </h2>
      {more !== "" && <p class="more">{toVisible(more)}</p>}
      {outcome !== "" && <p class={hasFailed ? "failed" : "outcome"}>{toVisible(outcome)}</p>}
      <code class="target">{toVisible(`${method} ${detail.target}`)}</code>
      <Relations {...{ row, detail, rows, facts, folded, onSelect }} />
      <CopyPanel index={rows.indexOf(row)} {...{ detail, rows, facts, readDetail }} />
      {misses.map((miss) => (
        <MissTable key={miss.target} miss={miss} />
      ))}
      {changes.length > 0 && (
        <DifferenceTable
          title={`Changed since ${toVisible(facts.comparison?.first ?? "")}`}
          columns={["was", "is"]}
          differences={changes}
        />
      )}
      <Message title="Request" message={request} />
      {response !== undefined && <Message title="Response" message={response} />}
      {steps.length > 0 && (
        <section>
          <h3>Build</h3>
          <BuildTree steps={steps} />
        </section>
      )}
      {stream.length > 0 && (
        <section>
          <h3>Stream</h3>
          <StreamView events={stream} size={findSize(row, request)} {...{ rows, onSelect }} />
        </section>
      )}
      {stream.length === 0 && lines.length > 0 && (
        <section>
          <h3>{steps.length > 0 ? "Printed" : "Files"}</h3>
          <TextBlock text={lines.map(({ text }) => text).join("\n")} label="Lines" />
        </section>
      )}
    </article>
  );
}

/** Where it stands in the cassette, and which exchanges wait for which. */
function Relations({ row, detail, rows, facts, folded, onSelect }: Omit<DetailProps, "readDetail">): JSX.Element {
  const { name, line } = row;
  const waiting =
    name === undefined ? [] : rows.flatMap((other, at) => (other.track.includes(name) ? [{ other, at }] : []));
  return (
    <dl>
      <dt>in the cassette</dt>
      <dd>
        {toVisible(`${facts.file}:${line}`)}
        {name !== undefined && (
          <>
            {" "}
            as <b>{toVisible(name)}</b>
          </>
        )}
      </dd>
      {detail.during !== undefined && detail.during.length > 0 && (
        <>
          <dt>while</dt>
          <dd>
            {detail.during.map((each) => (
              <RequestLink key={each} name={each} {...{ rows, onSelect }} />
            ))}{" "}
            was under way
          </dd>
        </>
      )}
      {waiting.length > 0 && (
        <>
          <dt>lets pass</dt>
          <dd>
            {waiting.map(({ other, at }) => (
              <a key={at} href={`#${other.number}`} onClick={() => onSelect(at)}>
                #{other.number} {toVisible(`${other.verb} ${other.subject}`.trim())}
              </a>
            ))}
          </dd>
        </>
      )}
      {folded.length > 0 && (
        <>
          <dt>again</dt>
          <dd>
            {folded.slice(0, 50).map((at) => (
              <a key={at} href={`#${rows[at]?.number}`} onClick={() => onSelect(at)}>
                #{rows[at]?.number}
              </a>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}

function Message({ title, message }: { readonly title: string; readonly message: MessageRecord }): JSX.Element | null {
  const { headers = [], body } = message;
  if (headers.length === 0 && body === undefined) return null;
  return (
    <section>
      <h3>{title}</h3>
      {headers.length > 0 && (
        <details>
          <summary>{headers.length === 1 ? "1 header" : `${headers.length} headers`}</summary>
          <TextBlock
            text={headers.map(([name, value]) => `${name}: ${value}`).join("\n")}
            label={`Headers of the ${title.toLowerCase()}`}
          />
        </details>
      )}
      {body !== undefined && <Body body={body} label={`Body of the ${title.toLowerCase()}`} />}
    </section>
  );
}

function Body({ body, label }: { readonly body: BodyRecord; readonly label: string }): JSX.Element {
  if ("json" in body) return <JsonTree value={body.json} label={label} />;
  if ("text" in body) return <TextBlock text={body.text} label={label} />;
  if ("base64" in body) return <TextBlock text={`base64: ${body.base64.slice(0, 4000)}`} label={label} />;
  return (
    <p class="file">
      {toVisible(body.file)} ({body.size.toLocaleString("en")} bytes)
    </p>
  );
}

/** The terminal's size, where the request of an exec says it. */
function findSize({ verb }: PageRow, { body }: MessageRecord): readonly [number, number] | undefined {
  if (body === undefined || !("json" in body) || !/exec/.test(verb)) return undefined;
  const size = (body.json as { readonly ConsoleSize?: readonly number[] } | null)?.ConsoleSize;
  const [rows = 0, columns = 0] = Array.isArray(size) ? size : [];
  return rows > 0 && columns > 0 ? [Math.min(columns, 300), rows] : undefined;
}
