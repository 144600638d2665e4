/** POST /commit (moby daemon/commit.go, api/server/router/image). */

import { badParameter } from "../../../model/api-error.ts";
import type { Container } from "../../../model/container.ts";
import { configOf, mergedConfig, type SentConfig } from "../../../model/container-config.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import type { Image } from "../../../model/image.ts";
import { familiarText } from "../../../model/reference.ts";
import type { Engine } from "../../../operations/engine.ts";
import { commitContainer } from "../../../operations/images/commit.ts";
import { changedConfig } from "../../../operations/images/config-changes.ts";
import { tagImage } from "../../../operations/images/tag.ts";
import { pauseContainer, unpauseContainer } from "../../../operations/lifecycle/stop.ts";
import { type Answer, json } from "../../http/answer.ts";
import type { Request } from "../../http/request.ts";
import { oldWish } from "../containers/old-settings.ts";
import type { Endpoint } from "../endpoint.ts";
import { bareId } from "./shapes.ts";
import { newName } from "./tag.ts";

export const imageCommit: Endpoint = {
  operation: "ImageCommit",
  answer: async (request, engine) => {
    const { query, api } = request;
    const sent = await request.optionalJson<SentConfig>();
    const reference = query.text("container");
    if (reference === "") throw badParameter('invalid name or ID supplied: ""');
    const container = engine.containers.find(reference);
    const image = whilePaused(engine, container, query.flag("pause", !api.isBefore("1.13")), () =>
      committed(engine, container, request, settingsIn(request, sent ?? {})),
    );
    const name = query.text("repo") === "" ? undefined : newName(query.text("repo"), query.text("tag"));
    if (name !== undefined) tagImage(engine, image.id, name);
    emitContainerEvent(engine, container, "commit", {
      comment: commentIn(request),
      imageID: image.id,
      imageRef: name === undefined ? "" : familiarText(name),
    });
    return api.isBygone ? oldAnswer(image) : json({ Id: image.id }, 201);
  },
};

/** The parameter was called `m` in the document of 1.9. */
function commentIn({ query }: Request): string {
  return query.text("m") || query.text("comment");
}

/** That document names this type of content. */
function oldAnswer({ id }: Image): Answer {
  const bytes = Buffer.from(`${JSON.stringify({ Id: bareId(id) })}\n`);
  return { kind: "bytes", status: 201, contentType: "application/vnd.docker.raw-stream", bytes };
}

/** Undefined where a client sends none: then the image has all of the container's. */
function settingsIn({ api }: Request, sent: SentConfig): SentConfig | undefined {
  if (Object.keys(sent).length === 0) return undefined;
  return api.isBygone ? oldWish(sent).config : sent;
}

function committed(engine: Engine, container: Container, request: Request, sent: SentConfig | undefined): Image {
  const { query } = request;
  const own = sent === undefined ? container.config : configOf(sent);
  const config = mergedConfig(changedConfig(own, query.all("changes")), container.config);
  return commitContainer(engine, container, {
    config,
    containerConfig: container.config,
    createdBy: (container.config.Cmd ?? []).join(" "),
    comment: commentIn(request),
    author: query.text("author"),
  });
}

/** Nothing changes while a container is copied. */
function whilePaused<T>(engine: Engine, { id, state }: Container, pauses: boolean, work: () => T): T {
  if (!pauses || state.status !== "running") return work();
  pauseContainer(engine, id);
  try {
    return work();
  } finally {
    unpauseContainer(engine, id);
  }
}
