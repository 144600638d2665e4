/** POST /images/create: a pull, or an import (moby api/server/router/image/image_routes.go). */

import { ApiError, badParameter, systemError } from "../../../model/api-error.ts";
import { type EngineRelease, isOlderEngine } from "../../../model/engine-release.ts";
import { parseTaggedReference, toFamiliarText } from "../../../model/image-reference.ts";
import { formatProgressBar } from "../../../model/layer-progress.ts";
import type { Engine } from "../../../operations/engine.ts";
import { importImage } from "../../../operations/images/import.ts";
import { pullImage } from "../../../operations/images/pull.ts";
import { getPage } from "../../../runtime/web-pages.ts";
import { streamProgress } from "../../http/progress-response.ts";
import type { ApiRequest } from "../../http/request.ts";
import type { ApiResponse } from "../../http/response.ts";
import { toBareId } from "../../version/legacy-image-names.ts";
import { selectProgressFormat } from "../../version/progress-format.ts";
import type { Endpoint } from "../endpoint.ts";
import { readCredentials, readLegacyPullCredentials } from "./credentials.ts";
import { readLegacyName } from "./legacy-names.ts";

const PLATFORM = /^[\w.+-]+(?:\/[\w.+-]+){0,2}$/;
const OWN_ARCHITECTURE = "amd64";

export const imageCreate: Endpoint = {
  operation: "ImageCreate",
  respond: (request, engine) =>
    request.query.get("fromImage") === "" ? importFromRequest(request, engine) : pullFromRequest(request, engine),
};

function pullFromRequest(request: ApiRequest, engine: Engine): Promise<ApiResponse> {
  const { query, api } = request;
  const platform = query.get("platform");
  checkPlatform(platform);
  const name = api.isLegacy ? readLegacyName(request) : query.get("fromImage").replace(/:$/, "");
  const reference = parseTaggedReference(name, query.get("tag"));
  if (toFamiliarText({ ...reference, tag: undefined }) === "scratch")
    throw new ApiError(403, "'scratch' is a reserved name");
  const format = selectProgressFormat(request);
  return streamProgress(
    request,
    async (report) => {
      await pullImage(
        engine,
        reference,
        api.isLegacy ? readLegacyPullCredentials(request, engine) : readCredentials(request),
        report,
      );
      const [, architecture = OWN_ARCHITECTURE] = platform.split("/");
      if (architecture === OWN_ARCHITECTURE) return;
      report({ status: formatMismatch(engine.release, toFamiliarText(reference), platform) });
    },
    { format },
  );
}

/** From moby's image/store and daemon/images, by release. */
function formatMismatch(release: EngineRelease, name: string, platform: string): string {
  const found = `WARNING: image with reference ${name} was found but`;
  const own = `linux/${OWN_ARCHITECTURE}`;
  if (isOlderEngine(release, "28")) {
    return `${found} does not match the specified platform: wanted ${platform}, actual: ${own}`;
  }
  return `${found} its platform (${own}) does not match the specified platform (${platform})`;
}

/** From containerd's platforms.Parse. */
function checkPlatform(platform: string): void {
  if (platform === "" || PLATFORM.test(platform)) return;
  throw badParameter(`"${platform}": cannot parse platform specifier: invalid argument`);
}

async function importFromRequest(request: ApiRequest, engine: Engine): Promise<ApiResponse> {
  const { query } = request;
  const source = query.get("fromSrc");
  const body = source === "-" ? await request.readBytes() : await download(engine, source);
  return streamProgress(
    request,
    async (report) => {
      if (source !== "-") {
        const step = { current: body.length, total: body.length };
        report({ status: `Downloading from ${source}` });
        report({ status: "Importing", progressDetail: step, progress: formatProgressBar(step) });
      }
      const id = await importImage(engine, body, {
        repo: query.get("repo"),
        tag: query.get("tag"),
        comment: query.get("message") || (source === "-" ? "" : `Imported from ${source}`),
        changes: query.getAll("changes"),
      });
      report({ status: request.api.isLegacy ? toBareId(id) : id });
    },
    { format: selectProgressFormat(request) },
  );
}

async function download({ pages }: Engine, source: string): Promise<Buffer> {
  if (source === "") throw systemError('Get "http:": http: no Host in request URL');
  return getPage(pages, source);
}
