/**
 * What the documents of four versions list: their endpoints, and with which statuses each may answer. Of v1.21 those
 * of the whole document (docs.docker.com, "Engine API v1.21").
 */
export const VERSIONS = ["1.9", "1.18", "1.19", "1.21"] as const;

export type DocumentVersion = (typeof VERSIONS)[number];

/** One endpoint as one version's document has it. */
export interface DocumentedEndpoint {
  /** `GET /containers/{id}/json` */
  readonly endpoint: string;
  readonly version: DocumentVersion;
  readonly statuses: readonly number[];
}

type DocumentLine = readonly [endpoint: string, ...statuses: readonly (string | undefined)[]];

/** In the order of the versions. */
const LINES: readonly DocumentLine[] = [
  ["GET /containers/json", "200 400 500", "200 400 500", "200 400 500", "200 400 500"],
  ["POST /containers/create", "201 404 406 500", ...repeatThrice("201 400 404 406 409 500")],
  ["GET /containers/{id}/json", "200 404 500", ...repeatThrice("200 404 500")],
  ["GET /containers/{id}/top", "200 404 500", ...repeatThrice("200 404 500")],
  ["GET /containers/{id}/changes", "200 404 500", ...repeatThrice("200 404 500")],
  ["GET /containers/{id}/export", "200 404 500", ...repeatThrice("200 404 500")],
  ["POST /containers/{id}/start", "204 404 500", ...repeatThrice("204 304 404 500")],
  ["POST /containers/{id}/stop", "204 404 500", ...repeatThrice("204 304 404 500")],
  ["POST /containers/{id}/restart", "204 404 500", ...repeatThrice("204 404 500")],
  ["POST /containers/{id}/kill", "204 404 500", ...repeatThrice("204 404 500")],
  ["POST /containers/{id}/attach", "200 400 404 500", ...repeatThrice("101 200 400 404 500")],
  ["GET /containers/{id}/attach/ws", undefined, ...repeatThrice("200 400 404 500")],
  ["POST /containers/{id}/wait", "200 404 500", ...repeatThrice("200 404 500")],
  ["DELETE /containers/{id}", "204 400 404 500", ...repeatThrice("204 400 404 409 500")],
  ["POST /containers/{id}/copy", "200 404 500", ...repeatThrice("200 404 500")],
  ["GET /containers/{id}/logs", undefined, ...repeatThrice("101 200 404 500")],
  ["GET /containers/{id}/stats", undefined, ...repeatThrice("200 404 500")],
  ["POST /containers/{id}/resize", undefined, ...repeatThrice("200 404 500")],
  ["POST /containers/{id}/rename", undefined, ...repeatThrice("204 404 409 500")],
  ["POST /containers/{id}/pause", undefined, ...repeatThrice("204 404 500")],
  ["POST /containers/{id}/unpause", undefined, ...repeatThrice("204 404 500")],
  ["POST /containers/{id}/exec", undefined, "201 404", "201 404", "201 404 409 500"],
  ["HEAD /containers/{id}/archive", undefined, undefined, undefined, "200"],
  ["GET /containers/{id}/archive", undefined, undefined, undefined, "200 400 404 500"],
  ["PUT /containers/{id}/archive", undefined, undefined, undefined, "200 400 403 404 500"],
  ["POST /exec/{id}/start", undefined, "200 404", "200 404", "200 404 409"],
  ["POST /exec/{id}/resize", undefined, ...repeatThrice("201 404")],
  ["GET /exec/{id}/json", undefined, ...repeatThrice("200 404 500")],
  ["GET /images/json", "200", ...repeatThrice("200")],
  ["POST /images/create", "200 500", ...repeatThrice("200 404 500")],
  ["POST /images/{name}/insert", "200 500"],
  ["GET /images/{name}/json", "200 404 500", ...repeatThrice("200 404 500")],
  ["GET /images/{name}/history", "200 404 500", ...repeatThrice("200 404 500")],
  ["POST /images/{name}/push", "200 404 500", ...repeatThrice("200 404 500")],
  ["POST /images/{name}/tag", "201 400 404 409 500", ...repeatThrice("201 400 404 409 500")],
  ["DELETE /images/{name}", "200 404 409 500", ...repeatThrice("200 404 409 500")],
  ["GET /images/search", "200 500", ...repeatThrice("200 500")],
  ["GET /images/{name}/get", "200 500", ...repeatThrice("200 500")],
  ["POST /images/load", "200 500", ...repeatThrice("200 500")],
  ["GET /images/get", undefined, ...repeatThrice("200 500")],
  ["POST /build", "200 500", ...repeatThrice("200 500")],
  ["POST /commit", "201 404 500", ...repeatThrice("201 404 500")],
  ["POST /auth", "200 204 500", ...repeatThrice("200 204 500")],
  ["GET /info", "200 500", ...repeatThrice("200 500")],
  ["GET /version", "200 500", ...repeatThrice("200 500")],
  ["GET /_ping", undefined, ...repeatThrice("200 500")],
  ["GET /events", "200 500", ...repeatThrice("200 500")],
  ["GET /volumes", undefined, undefined, undefined, "200 500"],
  ["POST /volumes/create", undefined, undefined, undefined, "201 500"],
  ["GET /volumes/{name}", undefined, undefined, undefined, "200 404 500"],
  ["DELETE /volumes/{name}", undefined, undefined, undefined, "204 404 409 500"],
  ["GET /networks", undefined, undefined, undefined, "200 500"],
  ["GET /networks/{id}", undefined, undefined, undefined, "200 404 500"],
  ["POST /networks/create", undefined, undefined, undefined, "201 404 500"],
  ["POST /networks/{id}/connect", undefined, undefined, undefined, "200 404 500"],
  ["POST /networks/{id}/disconnect", undefined, undefined, undefined, "200 404 500"],
  ["DELETE /networks/{id}", undefined, undefined, undefined, "200 403 404 500"],
];

function repeatThrice(statuses: string): [string, string, string] {
  return [statuses, statuses, statuses];
}

export const DOCUMENTED: readonly DocumentedEndpoint[] = LINES.flatMap(([endpoint, ...columns]) =>
  VERSIONS.flatMap((version, at) => {
    const statuses = columns[at];
    return statuses === undefined ? [] : [{ endpoint, version, statuses: statuses.split(" ").map(Number) }];
  }),
);

export function isBefore(one: DocumentVersion, other: DocumentVersion): boolean {
  return VERSIONS.indexOf(one) < VERSIONS.indexOf(other);
}
