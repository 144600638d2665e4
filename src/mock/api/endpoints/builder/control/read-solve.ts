/** Reads the messages by which a client asks for a build. */
import type { ProtobufMessage } from "../../../../../wire/protobuf/protobuf-value.ts";
import type { AttributeMap, SolveExporter } from "../../../../operations/buildkit/solve-options.ts";

/** Control/Solve. */
export interface SolveRequest {
  readonly ref: string;
  readonly session: string;
  /** Not for people: buildx finds out by it what the daemon can do. It leaves no record. */
  readonly isInternal: boolean;
  /** Empty where the client runs the frontend by LLBBridge/Solve. */
  readonly frontend: string;
  readonly attributes: AttributeMap;
  readonly exporter: SolveExporter;
  /** How many results are wanted; the simulation makes one. */
  readonly exporterCount: number;
}

export function readSolveRequest(message: ProtobufMessage): SolveRequest {
  const { Ref = "", Session = "", Frontend = "", FrontendAttrs = {}, Exporters = [], Internal = false } = message;
  const { ExporterDeprecated = "", ExporterAttrsDeprecated = {} } = message;
  const older = { Type: ExporterDeprecated, Attrs: ExporterAttrsDeprecated };
  const exporters = Exporters as readonly ProtobufMessage[];
  const { Type = "", Attrs = {} } = exporters[0] ?? older;
  return {
    ref: String(Ref),
    session: String(Session),
    isInternal: Internal === true,
    frontend: String(Frontend),
    attributes: FrontendAttrs as AttributeMap,
    exporter: { type: String(Type), attributes: Attrs as AttributeMap },
    exporterCount: exporters.length,
  };
}

/** The status that a client returns instead of a result. */
export function readReturnedError({ error }: ProtobufMessage): { code: number; message: string } | undefined {
  if (error === undefined) return undefined;
  const { code = 2, message = "" } = error as ProtobufMessage;
  return { code: Number(code), message: String(message) };
}
