import { ApiError } from "../../src/mock/model/api-error.ts";

/** The error of the API that a function throws, as `400 message`; `ok` if it throws none. */
export function catchApiError(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.status} ${error.message}`;
  }
  return "ok";
}
