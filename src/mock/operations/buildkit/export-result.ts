/** What becomes of a build's result: an image of the daemon, files, or a tar (moby builder/builder-next/exporter). */

import { encodeGoJson } from "../../../wire/go-json.ts";
import type { HeaderField } from "../../../wire/http/fields.ts";
import { parseImage, sortMaps, toHistoryJson } from "../../images/image-configuration.ts";
import type { ContainerConfig } from "../../model/container-config.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import { formatRfc3339Nano } from "../../model/go-time.ts";
import type { Image } from "../../model/image.ts";
import { type ImageReference, parseReference, withLatest } from "../../model/image-reference.ts";
import { tagImage } from "../images/tag.ts";
import type { RunningVertex } from "./build-progress.ts";
import { sendFiles, sendTar } from "./session/send-output.ts";
import { type SolveScope, waitForSession } from "./solve-scope.ts";
import type { StageResult } from "./stage-result.ts";
import { formatImageName, toVertexDigest } from "./vertex-name.ts";

/** The attributes of the result that the client gets, by name: `containerimage.digest` and the like. */
export type ExportResponse = Readonly<Record<string, string>>;

/** @param ref the id of the build */
export function exportResult(
  scope: SolveScope,
  result: StageResult,
  ref: string,
): Promise<ExportResponse> | ExportResponse {
  const { type } = scope.options.exporter;
  if (type === "") return {};
  const isOld = isOlderEngine(scope.engine.release, "28");
  const run = (name: string, work: (vertex: RunningVertex) => Promise<ExportResponse>): Promise<ExportResponse> =>
    scope.builder.sharedSteps.run(scope.progress, { digest: toVertexDigest("export", ref), name, inputs: [] }, work);
  if (type === "local")
    return run(isOld ? "exporting to client" : "exporting to client directory", (vertex) =>
      exportFiles(scope, result, vertex),
    );
  if (type === "tar")
    return run(isOld ? "exporting to client" : "exporting to client tarball", (vertex) =>
      exportTar(scope, result, vertex),
    );
  return run("exporting to image", (vertex) => exportImage(scope, result, vertex));
}

async function exportFiles(scope: SolveScope, result: StageResult, vertex: RunningVertex): Promise<ExportResponse> {
  const client = await waitForSession(scope, scope.options.session);
  const finish = vertex.beginTask("copying files", "transferring");
  finish(await sendFiles(client, result.root, toExporterFields(scope)));
  return {};
}

async function exportTar(scope: SolveScope, result: StageResult, vertex: RunningVertex): Promise<ExportResponse> {
  const client = await waitForSession(scope, scope.options.session);
  const finish = vertex.beginTask("sending tarball");
  await sendTar(client, result.root, toExporterFields(scope));
  finish();
  return {};
}

function toExporterFields({ options: { exporterId } }: SolveScope): readonly HeaderField[] {
  return exporterId === undefined ? [] : [["buildkit-attachable-exporter-id", exporterId]];
}

async function exportImage(scope: SolveScope, result: StageResult, vertex: RunningVertex): Promise<ExportResponse> {
  const { engine, options } = scope;
  const references = parseNames(options.exporter.attributes.name ?? "");
  vertex.beginTask("exporting layers")();
  const image = createBuiltImage(result, options.labels);
  const finish = vertex.beginTask(`writing image ${image.id}`);
  engine.images.add(image);
  finish();
  for (const reference of references) {
    const named = vertex.beginTask(`naming to ${formatImageName(reference)}`);
    tagImage(engine, image.id, withLatest(reference));
    named();
  }
  const names = references.map(formatImageName).join(",");
  const digests = { "containerimage.config.digest": image.id, "containerimage.digest": image.id };
  return names === "" ? digests : { ...digests, "image.name": names };
}

/** @throws ApiError 400 for an invalid name */
function parseNames(names: string): readonly ImageReference[] {
  return names
    .split(",")
    .filter((name) => name !== "")
    .map(parseReference);
}

function createBuiltImage(result: StageResult, labels: Readonly<Record<string, string>>): Image {
  const { config, layers, history, author, created } = result;
  const labelled = { ...config, Labels: { ...config.Labels, ...labels } };
  const configuration = {
    architecture: "amd64",
    author: author || undefined,
    config: sortMaps(toImageConfig(labelled)),
    created: formatRfc3339Nano(history.at(-1)?.created ?? created),
    history: history.map(toHistoryJson),
    os: "linux",
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
  };
  return parseImage(Buffer.from(encodeGoJson(configuration)), layers);
}

const SETTING_NAMES = [
  "User",
  "ExposedPorts",
  "Env",
  "Entrypoint",
  "Cmd",
  "Volumes",
  "WorkingDir",
  "Labels",
  "StopSignal",
  "Healthcheck",
  "OnBuild",
  "Shell",
] as const;

/** Without what is empty, as image-spec's ImageConfig writes it. */
function toImageConfig(config: ContainerConfig): object {
  const members = SETTING_NAMES.map((name) => [name, config[name]] as const);
  const { ArgsEscaped } = config;
  const settings = Object.fromEntries(members.filter(([, value]) => !isEmpty(value)));
  return ArgsEscaped === true ? { ...settings, ArgsEscaped } : settings;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
