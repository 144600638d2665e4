/** Decides which documents keep their old text, in which order they stand, and by which names they refer to each other. */
import type { Exchange } from "../cassette/model.ts";
import type { CassetteEntry, CassetteWalk } from "../cassette/read.ts";
import type { ExchangeRole } from "../match/resources.ts";
import { type ExchangeNames, listExchangeNames, renameInExchange } from "./exchange-names.ts";
import { orderDocuments } from "./order-documents.ts";

/** A document of the new recording, its values settled. */
export interface PlannedDocument {
  readonly exchange: Exchange;
  readonly role: ExchangeRole;
  readonly isPing: boolean;
  readonly span: { readonly from: number; readonly to: number };
  /** Its counterpart in the old recording. */
  readonly old: CassetteEntry | undefined;
  /** It means what its counterpart means. */
  readonly isKept: boolean;
}

/** `text` is set for a document that keeps its old one. */
export interface SettledDocument {
  readonly text: string | undefined;
  readonly exchange: Exchange;
}

/** Of so many documents before a document it is asked whether they had ended. */
const OVERLAPPING = 100;

interface NamedDocument extends PlannedDocument {
  readonly names: ExchangeNames;
  readonly oldNames: ExchangeNames | undefined;
}

export function settleDocuments(plans: readonly PlannedDocument[], old: CassetteWalk): readonly SettledDocument[] {
  const named = plans.map(
    (plan): NamedDocument => ({
      ...plan,
      names: listExchangeNames(plan.exchange),
      oldNames: plan.old && listExchangeNames(plan.old.readExchange()),
    }),
  );
  const order = orderDocuments(toOrdered(named));
  const documents = order.map((at) => named[at] as NamedDocument);
  const renamed = renameFresh(documents, old);
  const kept = selectKept(documents, renamed);
  const references = new Set(
    documents.flatMap(({ names, oldNames }, at) =>
      kept.has(at) ? (oldNames?.references ?? []) : names.references.map((name) => renamed.get(name) ?? name),
    ),
  );
  return documents.map((document, at) => writeDocument(document, kept.has(at), renamed, references));
}

/** Streams last long; that something happens in their course says nothing about its order. */
function toOrdered(documents: readonly NamedDocument[]): Parameters<typeof orderDocuments>[0] {
  return documents.map(({ old, role, isPing, span }, at) => {
    const isChange = role === "change";
    const others = documents.slice(Math.max(0, at - OVERLAPPING), at).map((other, index) => ({ ...other, index }));
    const concurrent = others.flatMap((other) =>
      isChange && other.role === "change" && other.span.to > span.from
        ? [Math.max(0, at - OVERLAPPING) + other.index]
        : [],
    );
    return { oldPlace: old?.index, isRead: !isChange, isPing, concurrent };
  });
}

/** New names become those that the old recording has for the same things; others stay free of them. */
function renameFresh(documents: readonly NamedDocument[], old: CassetteWalk): ReadonlyMap<string, string> {
  const oldNames = Array.from(old.entries, (entry) => listExchangeNames(entry.readExchange()));
  const taken = new Set(oldNames.flatMap(({ name, marks }) => [...(name === undefined ? [] : [name]), ...marks]));
  const renamed = new Map<string, string>();
  const rename = (fresh: string, counterpart: string | undefined): void => {
    let name = counterpart ?? fresh;
    for (let number = 2; counterpart === undefined && taken.has(name); number += 1)
      name = `${fresh.replace(/-\d+$/, "")}-${number}`;
    taken.add(name);
    renamed.set(fresh, name);
  };
  for (const { names, oldNames: counterpart } of documents) {
    if (names.name !== undefined) rename(names.name, counterpart?.name);
    const isAlike = counterpart?.marks.length === names.marks.length;
    for (const [at, mark] of names.marks.entries()) rename(mark, isAlike ? counterpart?.marks[at] : undefined);
  }
  return renamed;
}

/**
 * A document keeps its old text if all that it refers to is there, and all that is referred to in it; and if it waits for
 * nothing that came after its end this time. A client that goes on only when it has the answer would wait for itself.
 */
function selectKept(documents: readonly NamedDocument[], renamed: ReadonlyMap<string, string>): ReadonlySet<number> {
  const kept = new Set(documents.flatMap(({ isKept }, at) => (isKept ? [at] : [])));
  for (let size = -1; size !== kept.size; ) {
    size = kept.size;
    const providers = mapProviders(documents, kept, renamed);
    for (const [at, document] of documents.entries()) {
      const { names, oldNames } = document;
      if (kept.has(at)) {
        if (oldNames?.references.some((name) => !providers.has(name)) === true) kept.delete(at);
        if (waitsForLater(document, documents, renamed, providers)) kept.delete(at);
      } else {
        for (const name of names.references) removeProvider(documents, kept, { name, renamed, providers });
      }
    }
  }
  return kept;
}

function waitsForLater(
  { names, oldNames, span }: NamedDocument,
  documents: readonly NamedDocument[],
  renamed: ReadonlyMap<string, string>,
  providers: ReadonlyMap<string, number>,
): boolean {
  const fresh = new Set(names.waits.map((name) => renamed.get(name) ?? name));
  return (
    oldNames?.waits.some((name) => !fresh.has(name) && beganAfter(documents[providers.get(name) ?? -1], span)) === true
  );
}

/** What began while an answer was under way did not wait for its end. */
function beganAfter(provider: NamedDocument | undefined, { to }: NamedDocument["span"]): boolean {
  return provider !== undefined && provider.span.from >= to;
}

/** Where each name is, in the text that each document will have. A document can be given its name, but no mark. */
function mapProviders(
  documents: readonly NamedDocument[],
  kept: ReadonlySet<number>,
  renamed: ReadonlyMap<string, string>,
): ReadonlyMap<string, number> {
  return new Map(
    documents.flatMap(({ names, oldNames }, at) => {
      const rename = (name: string): string => renamed.get(name) ?? name;
      const own = [oldNames?.name, names.name === undefined ? undefined : rename(names.name)];
      const marks = kept.has(at) ? (oldNames?.marks ?? []) : names.marks.map(rename);
      return [...own, ...marks].flatMap((name): [string, number][] => (name === undefined ? [] : [[name, at]]));
    }),
  );
}

function removeProvider(
  documents: readonly NamedDocument[],
  kept: Set<number>,
  {
    name,
    renamed,
    providers,
  }: {
    readonly name: string;
    readonly renamed: ReadonlyMap<string, string>;
    readonly providers: ReadonlyMap<string, number>;
  },
): void {
  if (providers.has(renamed.get(name) ?? name)) return;
  const owner = documents.findIndex(({ names }) => names.marks.includes(name));
  kept.delete(owner);
}

function writeDocument(
  { exchange, old, names, oldNames }: NamedDocument,
  isKept: boolean,
  renamed: ReadonlyMap<string, string>,
  references: ReadonlySet<string>,
): SettledDocument {
  const own = oldNames?.name ?? (names.name === undefined ? undefined : renamed.get(names.name));
  if (isKept && old !== undefined) {
    const isNamed = oldNames?.name !== undefined || own === undefined || !references.has(own);
    return { text: `---\n${isNamed ? old.readText() : insertName(old.readText(), own)}`, exchange };
  }
  const { name: _, ...rest } = renameInExchange(exchange, (name) => renamed.get(name) ?? name);
  const isNamed = own !== undefined && (references.has(own) || oldNames?.name !== undefined);
  return { text: undefined, exchange: isNamed ? { name: own, ...rest } : rest };
}

function insertName(text: string, name: string): string {
  return text.replace(/^(?=(?:during|repeat|request)\b)/m, `name: ${name}\n`);
}
