/**
 * The order of the documents of a recording that is made anew. Exchanges that ran side by side come in an order of
 * chance: they are put back into the old order. What one client did after another stays as it is.
 */

export interface OrderedDocument {
  /** The place of its counterpart in the old recording. */
  readonly oldPlace: number | undefined;
  /** It changes nothing: it may change places with its neighbours. */
  readonly isRead: boolean;
  /** A client that begins something new asks for the daemon first. */
  readonly isPing: boolean;
  /** Changes, by their places in the new recording, in whose course it was requested. */
  readonly concurrent: readonly number[];
}

/** So far do the consequences of concurrent exchanges reach. */
const REACH = 8;

/** The documents' places in the new recording, in the order in which they are written. */
export function orderDocuments(documents: readonly OrderedDocument[]): readonly number[] {
  const order: number[] = [];
  for (let start = 0; start < documents.length; ) {
    const end = findStretchEnd(documents, start);
    order.push(...sortStretch(documents, start, end));
    start = end;
  }
  return order;
}

/** The end of the stretch that begins at `start` and in which the order is one of chance. */
function findStretchEnd(documents: readonly OrderedDocument[], start: number): number {
  const isRead = (at: number): boolean => documents[at]?.isRead === true;
  let end = start + 1;
  if (isRead(start)) while (isRead(end)) end += 1;
  const overlapEnd = findOverlapEnd(documents, start, end);
  return overlapEnd ?? end;
}

/** Where exchanges of the stretch ran side by side with later ones, these belong to it, and what follows from them. */
function findOverlapEnd(documents: readonly OrderedDocument[], start: number, end: number): number | undefined {
  let last = -1;
  for (let at = start; at < documents.length && at <= Math.max(last, end - 1) + REACH; at += 1) {
    const document = documents[at] as OrderedDocument;
    if (at > Math.max(last, end - 1) && document.isPing) break;
    if (document.concurrent.some((other) => other >= start && other !== at)) last = Math.max(last, at);
  }
  if (last === -1) return undefined;
  let stretchEnd = last + 1;
  while (stretchEnd < documents.length && stretchEnd <= last + REACH && documents[stretchEnd]?.isPing !== true)
    stretchEnd += 1;
  return stretchEnd;
}

/** A document without a counterpart stays behind the one that it follows. */
function sortStretch(documents: readonly OrderedDocument[], start: number, end: number): readonly number[] {
  const groups: { readonly oldPlace: number; readonly places: number[] }[] = [];
  for (let at = start; at < end; at += 1) {
    const { oldPlace } = documents[at] as OrderedDocument;
    if (oldPlace !== undefined) groups.push({ oldPlace, places: [at] });
    else if (groups.length > 0) groups.at(-1)?.places.push(at);
    else groups.push({ oldPlace: -1, places: [at] });
  }
  return groups.sort((a, b) => a.oldPlace - b.oldPlace).flatMap(({ places }) => places);
}
