import { badParameter, systemError } from "../../../model/api-error.ts";
import { timestampNs } from "../../../model/go-time.ts";
import type { Engine } from "../../../operations/engine.ts";
import { runtimeOf } from "../../../runtime/engine-runtime.ts";
import type { OutputStream } from "../../../runtime/streams/log.ts";
import { tellLog } from "../../../runtime/streams/log-lines.ts";
import { stream } from "../../http/answer.ts";
import type { Request } from "../../http/request.ts";
import type { Endpoint } from "../endpoint.ts";

export const containerLogs: Endpoint = {
  operation: "ContainerLogs",
  answer: (request, engine) => {
    const { name, query, left } = request;
    const streams = streamsOf(request);
    if (streams.size === 0) throw badParameter("Bad parameters: you must choose at least one stream");
    const container = engine.containers.find(name);
    const { log, run } = runtimeOf(engine, container);
    const wish = {
      streams,
      since: instant(query.text("since"), engine) ?? 0n,
      until: instant(query.text("until"), engine),
      tail: tailOf(query.text("tail")),
      hasTimestamps: query.flag("timestamps"),
      follows: query.flag("follow") && run !== undefined,
      isRaw: container.config.Tty,
      details: query.flag("details")
        ? `${Object.entries(container.config.Labels)
            .map((pair) => pair.join("="))
            .join(",")} `
        : "",
    };
    return stream(tellLog(log, wish, left));
  },
};

export function streamsOf(request: Request): ReadonlySet<OutputStream> {
  return new Set((["stdout", "stderr"] as const).filter((name) => request.flag(name)));
}

/** A number of lines; whatever is none means all of them. */
function tailOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function instant(text: string, { time }: Engine): bigint | undefined {
  if (text === "" || text === "0") return undefined;
  const ns = timestampNs(text, time.now());
  if (ns === undefined) throw systemError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return ns;
}
