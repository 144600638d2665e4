/** POST /build (moby api/server/router/build/build_routes.go). */

import type { ProgressSink } from "../../../model/progress-sink.ts";
import { readContext } from "../../../operations/builder/build-context.ts";
import { buildImage, planBuild } from "../../../operations/builder/build-image.ts";
import type { BuildOptions } from "../../../operations/builder/build-options.ts";
import { getBuilder } from "../../../operations/buildkit/buildkit-builder.ts";
import type { Engine } from "../../../operations/engine.ts";
import { streamProgress } from "../../http/progress-response.ts";
import type { ApiRequest } from "../../http/request.ts";
import type { ApiResponse } from "../../http/response.ts";
import { emptyResponse } from "../../http/response.ts";
import { selectBuildFormat } from "../../version/progress-format.ts";
import type { Endpoint } from "../endpoint.ts";
import { readUploadId, runHttpBuild } from "./control/http-build.ts";
import { isBuildkitRequest, readBuildOptions } from "./options.ts";

export const imageBuild: Endpoint = {
  operation: "ImageBuild",
  respond: async (request, engine) => {
    const options = readBuildOptions(request);
    if (isBuildkitRequest(request)) return streamBuildkit(request, options, engine);
    const { dockerfile, remote } = options;
    const context = await readContext({ body: await request.readBytes(), dockerfile, remote }, engine.pages);
    const plan = planBuild(context, options);
    return streamProgress(
      request,
      (report) =>
        runQuietly(options, report, (sink) =>
          buildImage(engine, context, plan, options, { send: sink, gone: request.whenClosed }),
        ),
      { format: selectBuildFormat(request.api) },
    );
  },
};

/** The body is empty, the context, or that of another request. Errors are messages. */
async function streamBuildkit(request: ApiRequest, options: BuildOptions, engine: Engine): Promise<ApiResponse> {
  const body = await request.readBytes();
  const uploadId = readUploadId(request);
  if (uploadId !== undefined) {
    getBuilder(engine).uploads.add(uploadId, body);
    return emptyResponse(200);
  }
  return streamProgress(request, (report) => runHttpBuild(request, { ...options, body }, engine, report), {
    format: selectBuildFormat(request.api),
    sendsHeadFirst: true,
  });
}

/** With `q=1` the response has only the image's id. If the build fails, it has all messages. */
async function runQuietly(
  { isQuiet }: BuildOptions,
  report: ProgressSink,
  run: (sink: ProgressSink) => Promise<string>,
): Promise<void> {
  if (!isQuiet) {
    await run(report);
    return;
  }
  const messages: object[] = [];
  try {
    report({ stream: `${await run((message) => void messages.push(message))}\n` });
  } catch (error) {
    for (const message of messages) report(message);
    throw error;
  }
}
