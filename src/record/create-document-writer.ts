import { findBuildSession } from "./build/build-assembler.ts";
import { BuildWriter, type BuildWriterOptions } from "./build/build-writer.ts";
import { CallWriter } from "./build/call-writer.ts";
import { HttpBuildWriter } from "./build/http-build-writer.ts";
import type { DocumentEvent } from "./write/document-event.ts";
import type { DocumentWriter } from "./write/document-writer.ts";
import { ExchangeWriter, type ExchangeWriterOptions } from "./write/exchange-writer.ts";

export type DocumentWriterOptions = BuildWriterOptions & ExchangeWriterOptions;

/** The writer for what the head begins: a build, a gRPC call of one, a build over HTTP, or an exchange. */
export function createDocumentWriter(
  event: Extract<DocumentEvent, { kind: "request-head" }>,
  options: DocumentWriterOptions,
): DocumentWriter {
  const { operation, head } = event;
  if (operation.name === "BuildSolve") return new BuildWriter(event, options);
  if (head.method === "GRPC") return new CallWriter(event, options);
  const session = findBuildSession(operation);
  return session === undefined ? new ExchangeWriter(event, options) : new HttpBuildWriter(event, session, options);
}
