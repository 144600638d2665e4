import { badParameter, systemError } from "../../../model/api-error.ts";
import { timestampNs } from "../../../model/go-time.ts";
import type { Engine } from "../../../operations/engine.ts";
import { runtimeOf } from "../../../runtime/engine-runtime.ts";
import type { OutputStream } from "../../../runtime/streams/log.ts";
import { tellLog } from "../../../runtime/streams/log-lines.ts";
import type { ApiRequest } from "../../http/request.ts";
import { streamResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

export const containerLogs: Endpoint = {
  operation: "ContainerLogs",
  respond: (request, engine) => {
    const { name, query, signal: left } = request;
    const streams = readStreams(request);
    if (streams.size === 0) throw badParameter("Bad parameters: you must choose at least one stream");
    const container = engine.containers.find(name);
    const { log, run } = runtimeOf(engine, container);
    const selection = {
      streams,
      since: parseTime(query.get("since"), engine) ?? 0n,
      until: parseTime(query.get("until"), engine),
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
    return streamResponse(tellLog(log, selection, left));
  },
};

export function readStreams(request: ApiRequest): ReadonlySet<OutputStream> {
  return new Set((["stdout", "stderr"] as const).filter((name) => request.getFlag(name)));
}

/** A number of lines; whatever is none means all of them. */
function parseTail(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function parseTime(text: string, { time }: Engine): bigint | undefined {
  if (text === "" || text === "0") return undefined;
  const ns = timestampNs(text, time.now());
  if (ns === undefined) throw systemError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return ns;
}
