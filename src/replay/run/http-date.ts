/**
 * The Date of every response: the moment of the recording, so that two replays send the same bytes.
 * @param recordedAt undefined, or a text that is no date: 1 January 1970
 */
export function formatHttpDate(recordedAt: string | undefined): string {
  const at = new Date(recordedAt ?? 0);
  return (Number.isNaN(at.getTime()) ? new Date(0) : at).toUTCString();
}
