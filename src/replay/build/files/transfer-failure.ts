/** A transfer did not come to its end: the client gave up, or the recording lacks what the client wants. */
export class TransferFailure extends Error {}
