import { loadTarStream } from "./load-lazily.ts";
import { makeOnce } from "./make-once.ts";

// Taken when the module is loaded: streams of tar-stream take their own when they are, and a user's fake one calls nothing.
const { queueMicrotask } = globalThis;

/** tar-stream, whose streams go on while a user's fake timers stand still. */
export const loadTar: () => typeof import("tar-stream") = makeOnce(() => {
  const { queueMicrotask: ofUser } = globalThis;
  globalThis.queueMicrotask = queueMicrotask;
  try {
    return loadTarStream();
  } finally {
    globalThis.queueMicrotask = ofUser;
  }
});
