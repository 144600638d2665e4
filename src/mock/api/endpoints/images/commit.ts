/** POST /commit (moby daemon/commit.go, api/server/router/image). */

import { badParameter } from "../../../model/api-error.ts";
import type { Container } from "../../../model/container.ts";
import { mergeConfig, type SentConfig, toContainerConfig } from "../../../model/container-config.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import type { Image } from "../../../model/image.ts";
import { toFamiliarText } from "../../../model/image-reference.ts";
import type { Engine } from "../../../operations/engine.ts";
import { applyChanges } from "../../../operations/images/apply-changes.ts";
import { commitContainer } from "../../../operations/images/commit.ts";
import { tagImage } from "../../../operations/images/tag.ts";
import { pauseContainer, unpauseContainer } from "../../../operations/lifecycle/stop-container.ts";
import type { ApiRequest } from "../../http/request.ts";
import { type ApiResponse, jsonResponse } from "../../http/response.ts";
import { toBareId } from "../../version/legacy-image-names.ts";
import { readLegacyCreateBody } from "../../version/legacy-settings.ts";
import type { Endpoint } from "../endpoint.ts";
import { toGoBody } from "../read-json-body.ts";
import { parseNewName } from "./tag.ts";

export const imageCommit: Endpoint = {
  operation: "ImageCommit",
  respond: async (request, engine) => {
    const { query, api } = request;
    const sent = toGoBody(request, "ImageCommit", await request.readOptionalJson()) as SentConfig | null | undefined;
    const reference = query.get("container");
    if (reference === "") throw badParameter('invalid name or ID supplied: ""');
    const container = engine.containers.find(reference);
    const image = runWhilePaused(engine, container, query.getFlag("pause", !api.isBefore("1.13")), () =>
      commitFromRequest(engine, container, request, readSettings(request, sent ?? {})),
    );
    const name = query.get("repo") === "" ? undefined : parseNewName(query.get("repo"), query.get("tag"));
    if (name !== undefined) tagImage(engine, image.id, name);
    emitContainerEvent(engine, container, "commit", {
      comment: readComment(request),
      imageID: image.id,
      imageRef: name === undefined ? "" : toFamiliarText(name),
    });
    return api.isLegacy ? toLegacyResponse(image) : jsonResponse({ Id: image.id }, 201);
  },
};

/** The document of 1.9 calls the parameter `m`. */
function readComment({ query }: ApiRequest): string {
  return query.get("m") || query.get("comment");
}

/** The document of 1.9 has this content type. */
function toLegacyResponse({ id }: Image): ApiResponse {
  const bytes = Buffer.from(`${JSON.stringify({ Id: toBareId(id) })}\n`);
  return { kind: "bytes", status: 201, contentType: "application/vnd.docker.raw-stream", bytes };
}

/** Undefined if the client sends none. Then the image gets all settings of the container. */
function readSettings({ api }: ApiRequest, sent: SentConfig): SentConfig | undefined {
  if (Object.keys(sent).length === 0) return undefined;
  return api.isLegacy ? readLegacyCreateBody(sent).config : sent;
}

function commitFromRequest(
  engine: Engine,
  container: Container,
  request: ApiRequest,
  sent: SentConfig | undefined,
): Image {
  const { query } = request;
  const changed = sent === undefined ? container.config : toContainerConfig(sent);
  const config = mergeConfig(applyChanges(changed, query.getAll("changes")), container.config);
  return commitContainer(engine, container, {
    config,
    containerConfig: container.config,
    createdBy: (container.config.Cmd ?? []).join(" "),
    comment: readComment(request),
    author: query.get("author"),
  });
}

/** Pauses a running container for the commit, so that its files do not change meanwhile. */
function runWhilePaused<T>(engine: Engine, { id, state }: Container, pauses: boolean, work: () => T): T {
  if (!pauses || state.status !== "running") return work();
  pauseContainer(engine, id);
  try {
    return work();
  } finally {
    unpauseContainer(engine, id);
  }
}
