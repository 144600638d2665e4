/** A daemon that does not know the API version of a recording refuses each of its requests: said once. */
import { UsageError } from "../../base/errors.ts";

/** dockerd's api/server/middleware/version.go. */
const TOO_NEW = /^client version (\S+) is too new\. Maximum supported API version is (\d+\.\d+)/;

/** The error for an answer that refuses a version; undefined for any other. */
export function readVersionRefusal(content: unknown): UsageError | undefined {
  const { status, body } = content as { readonly status?: unknown; readonly body?: { readonly message?: unknown } };
  if (typeof body?.message !== "string") return undefined;
  const [, recorded, supported] = TOO_NEW.exec(body.message) ?? [];
  if (recorded === undefined) return undefined;
  const message = `API ${recorded} of the recording is newer than the daemon's ${supported}; verify it with a newer Engine, or record it anew with this one`;
  return new UsageError("WHALESONG_BAD_API_VERSION", message, { fields: { recorded, supported, status } });
}
