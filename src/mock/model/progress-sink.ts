/** Receives the messages of a pull, push, load or build, one object a message; members keep their order. */
export type ProgressSink = (message: object) => void;
