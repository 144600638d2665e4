/** The query parameters that the documents list, each by the first of the four versions that has it. */
import { type DocumentVersion, isBefore, VERSIONS } from "./endpoints.ts";

type Lists = Partial<Record<DocumentVersion, string>>;

const PARAMETERS: Readonly<Record<string, Lists>> = {
  "GET /containers/json": { "1.9": "all limit since before size", "1.18": "filters" },
  "POST /containers/create": { "1.9": "name" },
  "GET /containers/{id}/json": { "1.21": "size" },
  "GET /containers/{id}/top": { "1.9": "ps_args" },
  "GET /containers/{id}/logs": { "1.18": "follow stdout stderr timestamps tail", "1.19": "since" },
  "GET /containers/{id}/stats": { "1.19": "stream" },
  "POST /containers/{id}/resize": { "1.18": "h w" },
  "POST /containers/{id}/stop": { "1.9": "t" },
  "POST /containers/{id}/restart": { "1.9": "t" },
  "POST /containers/{id}/kill": { "1.9": "signal" },
  "POST /containers/{id}/rename": { "1.18": "name" },
  "POST /containers/{id}/attach": { "1.9": "logs stream stdin stdout stderr" },
  "GET /containers/{id}/attach/ws": { "1.18": "logs stream stdin stdout stderr" },
  "DELETE /containers/{id}": { "1.9": "v", "1.18": "force", "1.21": "link" },
  "HEAD /containers/{id}/archive": { "1.21": "path" },
  "GET /containers/{id}/archive": { "1.21": "path" },
  "PUT /containers/{id}/archive": { "1.21": "path noOverwriteDirNonDir" },
  "POST /exec/{id}/resize": { "1.18": "h w" },
  "GET /images/json": { "1.9": "all", "1.18": "filters filter digests" },
  "POST /images/create": { "1.9": "fromImage fromSrc repo tag" },
  "POST /images/{name}/insert": { "1.9": "path url" },
  "POST /images/{name}/push": { "1.18": "tag" },
  "POST /images/{name}/tag": { "1.9": "repo force", "1.18": "tag" },
  "DELETE /images/{name}": { "1.18": "force noprune" },
  "GET /images/search": { "1.9": "term" },
  "GET /images/get": { "1.18": "names" },
  "POST /build": {
    "1.9": "t q nocache rm",
    "1.18": "dockerfile remote pull forcerm memory memswap cpushares cpusetcpus",
    "1.19": "cpuperiod cpuquota",
    "1.21": "buildargs",
  },
  "POST /commit": { "1.9": "container repo tag author", "1.18": "comment", "1.21": "pause changes" },
  "GET /events": { "1.9": "since", "1.18": "until filters" },
  "GET /volumes": { "1.21": "filters" },
  "GET /networks": { "1.21": "filters" },
};

/** Of the first version alone: the address of a registry once stood beside the name, a commit's message was `m`. */
const FIRST_ALONE: Readonly<Record<string, string>> = {
  "POST /images/create": "registry",
  "POST /images/{name}/push": "registry",
  "POST /commit": "m",
};

export function listParameters(endpoint: string, version: DocumentVersion): readonly string[] {
  const lists = PARAMETERS[endpoint] ?? {};
  const known = VERSIONS.filter((since) => !isBefore(version, since)).map((since) => lists[since] ?? "");
  const alone = version === VERSIONS[0] ? (FIRST_ALONE[endpoint] ?? "") : "";
  return [...known, alone].flatMap((words) => words.split(" ")).filter((word) => word !== "");
}

export const WITH_PARAMETERS: readonly string[] = [...Object.keys(PARAMETERS), ...Object.keys(FIRST_ALONE)];
