import type { Exchange, StreamEvent } from "../../src/cassette/model.ts";

/** A message that no flow YAML can hold comes back as the bytes it had on the wire. */
function onTheWire(event: StreamEvent): StreamEvent {
  if (event.kind !== "message") return event;
  const { dialect, json, ...rest } = event;
  const [lead, end] = { progress: ["", "\r\n"], jsonl: ["", "\n"], "json-seq": ["\x1e", "\n"] }[dialect] as [
    string,
    string,
  ];
  return { ...rest, kind: "bytes", isTty: false, bytes: Buffer.concat([Buffer.from(lead), json, Buffer.from(end)]) };
}

/** An exchange with its messages as bytes, the way they stand on the wire. */
export function encodeResponse(exchange: Exchange): Exchange {
  return exchange.stream === undefined ? exchange : { ...exchange, stream: exchange.stream.map(onTheWire) };
}
