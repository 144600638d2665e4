/** One transfer with the client, on its session: the daemon calls, and what the client sends is compared. */
import { toShortMethod } from "../../../cassette/build/call-names.ts";
import type { GrpcClient, GrpcClientCall } from "../../../session/grpc/grpc-client.ts";
import { findFieldValue, type HeaderField } from "../../../wire/http/fields.ts";
import type { SessionTransfer } from "../build-script.ts";
import { joinDifferences, type TreeDifference } from "./compare-trees.ts";
import { giveBytes } from "./give-bytes.ts";
import { giveFiles } from "./give-files.ts";
import { takeFiles } from "./take-files.ts";
import { takeTar } from "./take-tar.ts";
import { TransferFailure } from "./transfer-failure.ts";
import { TransferProgress } from "./transfer-progress.ts";

export interface RunningTransfer {
  /** Why the build cannot go on, as a sentence; undefined where the transfer came to its end as recorded. Never rejects but for faults of the recording. */
  readonly outcome: Promise<string | undefined>;
  readonly progress: TransferProgress;
  cancel(): void;
}

export interface TransferOptions {
  /** The fields of the request, with today's ids. */
  readonly metadata: readonly HeaderField[];
  /** Whether a rule leaves out this file of a context. */
  readonly ignoresFile: (path: string) => boolean;
}

export function startTransfer(
  client: GrpcClient,
  transfer: SessionTransfer,
  { metadata, ignoresFile }: TransferOptions,
): RunningTransfer {
  const call = client.call(transfer.method, metadata);
  const progress = new TransferProgress();
  return { outcome: performTransfer(call, transfer, { progress, ignoresFile }), progress, cancel: () => call.cancel() };
}

async function performTransfer(
  call: GrpcClientCall,
  transfer: SessionTransfer,
  { progress, ignoresFile }: Pick<TransferOptions, "ignoresFile"> & { readonly progress: TransferProgress },
): Promise<string | undefined> {
  try {
    const all = await exchangeContent(call, transfer, progress);
    const differences = all.filter(({ path }) => !ignoresFile(path));
    const failure = await describeStatus(call, transfer);
    if (failure !== undefined || transfer.hasFailed === true) return failure;
    if (differences.length === 0) return undefined;
    return `${nameContent(transfer)} is not the recorded one: ${joinDifferences(differences)}`;
  } catch (error) {
    call.cancel();
    if (error instanceof TransferFailure) return `${nameContent(transfer)} was not transferred: ${error.message}`;
    throw error;
  }
}

/** @returns the differences of what the client has sent */
async function exchangeContent(
  call: GrpcClientCall,
  { content }: SessionTransfer,
  progress: TransferProgress,
): Promise<readonly TreeDifference[]> {
  switch (content.kind) {
    case "take-files":
      return takeFiles(call, await progress.during(content.loadFiles()), progress);
    case "take-tar":
      return takeTar(call, content.tar, progress);
    case "give-files":
      await giveFiles(call, await progress.during(content.loadFiles()), progress);
      return [];
    case "give-bytes":
      await giveBytes(call, content.bytes, progress);
      return [];
  }
}

async function describeStatus(call: GrpcClientCall, transfer: SessionTransfer): Promise<string | undefined> {
  const { code, message } = await call.status;
  if (code === 0 || transfer.hasFailed === true) return undefined;
  const end = `the client ended ${toShortMethod(transfer.method)} with status ${code}, ${message}`;
  return `${nameContent(transfer)} was not transferred: ${end}`;
}

/** How a person calls what is transferred. */
function nameContent({ content, metadata }: SessionTransfer): string {
  if (content.kind === "give-files" || content.kind === "give-bytes") return "the build's output";
  const name = findFieldValue(metadata, "dir-name") ?? "context";
  if (name === "dockerfile") return "the Dockerfile";
  return name === "context" ? "the build context" : `the build context \`${name}\``;
}
