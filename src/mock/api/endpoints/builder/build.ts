/** POST /build (moby api/server/router/build/build_routes.go). */

import type { ProgressSink } from "../../../model/progress-sink.ts";
import { build, planOf } from "../../../operations/builder/build.ts";
import type { BuildOptions } from "../../../operations/builder/build-options.ts";
import { contextOf } from "../../../operations/builder/context.ts";
import { progress } from "../../http/progress.ts";
import { buildManner } from "../../version/progress-manner.ts";
import type { Endpoint } from "../endpoint.ts";
import { buildOptionsOf } from "./options.ts";

export const imageBuild: Endpoint = {
  operation: "ImageBuild",
  answer: async (request, engine) => {
    const options = buildOptionsOf(request);
    const { dockerfile, remote } = options;
    const context = await contextOf({ body: await request.bytes(), dockerfile, remote }, engine.pages);
    const plan = planOf(context, options);
    return progress(
      (say) =>
        quietly(options, say, (tell) => build(engine, context, plan, options, { say: tell, gone: request.gone })),
      { manner: buildManner(request.api) },
    );
  },
};

/** Who wants quiet hears the id in the end; all else only if something goes wrong. */
async function quietly(
  { isQuiet }: BuildOptions,
  say: ProgressSink,
  work: (tell: ProgressSink) => Promise<string>,
): Promise<void> {
  if (!isQuiet) {
    await work(say);
    return;
  }
  const held: object[] = [];
  try {
    say({ stream: `${await work((message) => void held.push(message))}\n` });
  } catch (error) {
    for (const message of held) say(message);
    throw error;
  }
}
