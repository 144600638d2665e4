/** POST /images/create: a pull, or an import (moby api/server/router/image/image_routes.go). */

import { ApiError, badParameter, systemError } from "../../../model/api-error.ts";
import { progressBar } from "../../../model/progress-bar.ts";
import { familiarText, taggedReference } from "../../../model/reference.ts";
import type { Engine } from "../../../operations/engine.ts";
import { importImage } from "../../../operations/images/import.ts";
import { pull } from "../../../operations/images/pull.ts";
import { pageAt } from "../../../runtime/web-pages.ts";
import type { Answer } from "../../http/answer.ts";
import { progress } from "../../http/progress.ts";
import type { Request } from "../../http/request.ts";
import { progressManner } from "../../version/progress-manner.ts";
import type { Endpoint } from "../endpoint.ts";
import { credentialsOf, oldPullCredentialsOf } from "./credentials.ts";
import { oldName } from "./old-pull.ts";
import { bareId } from "./shapes.ts";

const PLATFORM = /^[\w.+-]+(?:\/[\w.+-]+){0,2}$/;
const OWN_ARCHITECTURE = "amd64";

export const imageCreate: Endpoint = {
  operation: "ImageCreate",
  answer: (request, engine) =>
    request.query.text("fromImage") === "" ? imported(request, engine) : pulled(request, engine),
};

function pulled(request: Request, engine: Engine): Promise<Answer> {
  const { query, api } = request;
  const platform = query.text("platform");
  checkPlatform(platform);
  const name = api.isBygone ? oldName(request) : query.text("fromImage").replace(/:$/, "");
  const reference = taggedReference(name, query.text("tag"));
  if (familiarText({ ...reference, tag: undefined }) === "scratch")
    throw new ApiError(403, "'scratch' is a reserved name");
  const manner = progressManner(api);
  return progress(
    async (say) => {
      await pull(engine, reference, api.isBygone ? oldPullCredentialsOf(request, engine) : credentialsOf(request), say);
      const [, architecture = OWN_ARCHITECTURE] = platform.split("/");
      if (architecture === OWN_ARCHITECTURE) return;
      const wanted = `wanted ${platform}, actual: linux/${OWN_ARCHITECTURE}`;
      say({
        status: `WARNING: image with reference ${familiarText(reference)} was found but does not match the specified platform: ${wanted}`,
      });
    },
    { manner },
  );
}

/** containerd platforms.Parse */
function checkPlatform(platform: string): void {
  if (platform === "" || PLATFORM.test(platform)) return;
  throw badParameter(`"${platform}": cannot parse platform specifier: invalid argument`);
}

async function imported(request: Request, engine: Engine): Promise<Answer> {
  const { query } = request;
  const source = query.text("fromSrc");
  const body = source === "-" ? await request.bytes() : await downloaded(engine, source);
  return progress(
    async (say) => {
      if (source !== "-") {
        const step = { current: body.length, total: body.length };
        say({ status: `Downloading from ${source}` });
        say({ status: "Importing", progressDetail: step, progress: progressBar(step) });
      }
      const id = await importImage(engine, body, {
        repo: query.text("repo"),
        tag: query.text("tag"),
        comment: query.text("message") || (source === "-" ? "" : `Imported from ${source}`),
        changes: query.all("changes"),
      });
      say({ status: request.api.isBygone ? bareId(id) : id });
    },
    { manner: progressManner(request.api) },
  );
}

async function downloaded({ pages }: Engine, source: string): Promise<Buffer> {
  if (source === "") throw systemError('Get "http:": http: no Host in request URL');
  return pageAt(pages, source);
}
