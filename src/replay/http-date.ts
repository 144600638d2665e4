/** The Date of every response: the recording's, so that two replays send the same bytes. */
export function httpDate(recordedAt: string | undefined): string {
  const at = new Date(recordedAt ?? 0);
  return (Number.isNaN(at.getTime()) ? new Date(0) : at).toUTCString();
}
