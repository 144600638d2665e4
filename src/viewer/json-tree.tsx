import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { foldZeroValues } from "../view/digest/json-value.ts";
import { toVisible } from "./visible-text.ts";

const OPEN_LEVELS = 3;
const SHOWN_MEMBERS = 100;
const SHOWN_TEXT = 4000;

/** JSON as a tree; Go's zero values, which say "not set", are left out until they are asked for. */
export function JsonTree({ value, label }: { readonly value: unknown; readonly label: string }): JSX.Element {
  const [isWhole, setWhole] = useState(false);
  const folded = foldZeroValues(value);
  const hasZeros = JSON.stringify(folded) !== JSON.stringify(value);
  const isEmpty = folded === undefined;
  return (
    <section class="json" aria-label={label}>
      <JsonNode value={isWhole || isEmpty ? value : folded} level={0} />
      {hasZeros && !isEmpty && (
        <button type="button" class="zeros" aria-pressed={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? "hide what is not set" : "show what is not set"}
        </button>
      )}
    </section>
  );
}

interface NodeProps {
  readonly value: unknown;
  readonly level: number;
  readonly name?: string;
}

function JsonNode({ value, level, name }: NodeProps): JSX.Element {
  const isNested = typeof value === "object" && value !== null && Object.keys(value).length > 0;
  if (!isNested)
    return (
      <div class="member">
        <MemberName name={name} />
        <Scalar value={value} />
      </div>
    );
  return <NestedNode value={value} level={level} {...(name === undefined ? {} : { name })} />;
}

function NestedNode({ value, level, name }: NodeProps & { readonly value: object }): JSX.Element {
  const [isOpen, setOpen] = useState(level < OPEN_LEVELS);
  const [shown, setShown] = useState(SHOWN_MEMBERS);
  const isList = Array.isArray(value);
  const members = Object.entries(value);
  const isFlat =
    isList &&
    members.length <= 8 &&
    members.every(([, member]) => typeof member !== "object" && String(member).length < 40);
  if (isFlat)
    return (
      <div class="member">
        <MemberName name={name} />
        {members.map(([key, member], at) => (
          <span key={key}>
            {at > 0 && ", "}
            <Scalar value={member} />
          </span>
        ))}
      </div>
    );
  return (
    <div class="member">
      {(level > 0 || name !== undefined) && (
        <button type="button" class="fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <MemberName name={name} />
          {!isOpen && <span class="count">{isList ? `[${members.length}]` : `{${members.length}}`}</span>}
        </button>
      )}
      {(isOpen || (level === 0 && name === undefined)) && (
        <div class={level > 0 ? "members" : ""}>
          {members.slice(0, shown).map(([key, member]) => (
            <JsonNode key={key} value={member} level={level + 1} name={isList ? `${Number(key) + 1}.` : key} />
          ))}
          {members.length > shown && (
            <button type="button" onClick={() => setShown(shown * 10)}>
              {members.length - shown} more
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function MemberName({ name }: { readonly name: string | undefined }): JSX.Element | null {
  return name === undefined ? null : <span class="name">{toVisible(name)}</span>;
}

function Scalar({ value }: { readonly value: unknown }): JSX.Element {
  if (typeof value === "string") {
    const text = value.length > SHOWN_TEXT ? `${value.slice(0, SHOWN_TEXT)}...` : value;
    return <span class="string">{value === "" ? '""' : toVisible(text)}</span>;
  }
  return <span class={value === null ? "null" : typeof value}>{JSON.stringify(value) ?? "undefined"}</span>;
}
