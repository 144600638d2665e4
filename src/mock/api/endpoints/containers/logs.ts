import { badParameter } from "../../../model/api-error.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import type { Engine } from "../../../operations/engine.ts";
import { getRuntime } from "../../../runtime/engine-runtime.ts";
import type { OutputStream } from "../../../runtime/streams/container-log.ts";
import { readLog } from "../../../runtime/streams/read-log.ts";
import type { ApiRequest } from "../../http/request.ts";
import { streamResponse } from "../../http/response.ts";
import { toStreamType } from "../../version/stream-type.ts";
import type { Endpoint } from "../endpoint.ts";
import { parseTimestamp } from "../parse-timestamp.ts";

export const containerLogs: Endpoint = {
  operation: "ContainerLogs",
  respond: (request, engine) => {
    const { name, query, signal: left } = request;
    const streams = readStreams(request);
    if (streams.size === 0) throw badParameter("Bad parameters: you must choose at least one stream");
    const container = engine.containers.find(name);
    const { log, run } = getRuntime(engine, container);
    const selection = {
      streams,
      since: parseLimit(query.get("since"), engine) ?? 0n,
      until: parseLimit(query.get("until"), engine),
      tail: parseTail(query.get("tail")),
      hasTimestamps: query.getFlag("timestamps"),
      follows: query.getFlag("follow") && run !== undefined,
      isRaw: container.config.Tty,
      details: query.getFlag("details")
        ? `${Object.entries(container.config.Labels)
            .map((pair) => pair.join("="))
            .join(",")} `
        : "",
    };
    const [, contentType] = toStreamType(request.api, container.config.Tty);
    const isTyped = !isOlderEngine(request.release, "28");
    return streamResponse(readLog(log, selection, left), isTyped ? contentType : undefined);
  },
};

export function readStreams(request: ApiRequest): ReadonlySet<OutputStream> {
  return new Set((["stdout", "stderr"] as const).filter((name) => request.getFlag(name)));
}

/** The number of lines. Any other text means all lines. */
function parseTail(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The CLI sends `0` for no limit. */
function parseLimit(text: string, engine: Engine): bigint | undefined {
  return text === "0" ? undefined : parseTimestamp(text, engine);
}
