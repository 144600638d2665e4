/** The same bytes in the ways a network may bring them. */
export interface Delivery {
  readonly how: string;
  readonly pieces: readonly Buffer[];
}

/** Bytes of something that is not the codec's; none of them may be taken for part of what comes before. */
export const TRAILING: Buffer = Buffer.from("GET /trailing HTTP/1.1\r\n", "latin1");

/** Whole, byte by byte, in threes (so that CRLF and headers are cut in odd places), and with empty reads between. */
export function listDeliveries(bytes: Buffer): Delivery[] {
  return [
    { how: "whole", pieces: [bytes] },
    { how: "byte by byte", pieces: cutIntoPieces(bytes, 1) },
    { how: "in threes", pieces: cutIntoPieces(bytes, 3) },
    { how: "with empty reads", pieces: cutIntoPieces(bytes, 7).flatMap((piece) => [Buffer.alloc(0), piece]) },
  ];
}

/** Deliveries of the bytes alone and of the bytes with trailing ones; `trailing` is what was added. */
export function listTrailedDeliveries(bytes: Buffer): (Delivery & { readonly trailing: Buffer })[] {
  return [Buffer.alloc(0), TRAILING].flatMap((trailing) =>
    listDeliveries(Buffer.concat([bytes, trailing])).map(({ how, pieces }) => ({
      how: trailing.length > 0 ? `${how}, with trailing bytes` : how,
      pieces,
      trailing,
    })),
  );
}

export function cutIntoPieces(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

export function toLatin1(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

/** The error that `act` throws; fails the test where it throws none. */
export function catchError(act: () => unknown): Error & { code?: string; fields?: Record<string, unknown> } {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
