/** The `platform` parameters of images: JSON of an OCI platform (moby api/server/httputils/form.go, DecodePlatform). */
import { parseBoundedJson } from "../../../../base/parse-json.ts";
import { badParameter, notFound } from "../../../model/api-error.ts";
import type { Image } from "../../../model/image.ts";
import { describeJsonError, nameGoKind } from "../../http/go-json-error.ts";
import type { QueryParameters } from "../../http/query.ts";

interface Platform {
  readonly os?: string;
  readonly architecture?: string;
  readonly variant?: string;
  readonly "os.version"?: string;
}

/** The platform, or undefined without the parameter. @throws ApiError 400 for an unreadable or incomplete one */
export function readPlatform(query: QueryParameters): Platform | undefined {
  const [text = "", ...others] = query.getAll("platform");
  if (others.length > 0) throw badParameter("multiple platform parameters not supported");
  return text === "" ? undefined : parsePlatform(text);
}

/** @throws ApiError 400 for an unreadable or incomplete platform */
export function parsePlatform(text: string): Platform {
  const platform = decodePlatform(text);
  const { os = "", architecture = "", variant = "", "os.version": version = "" } = platform;
  if (os === "" && architecture === "" && `${variant}${version}` !== "") {
    throw badParameter("optional platform fields provided, but OS and Architecture are missing");
  }
  if (os === "" || architecture === "") throw badParameter("both OS and Architecture must be provided");
  return platform;
}

function decodePlatform(text: string): Platform {
  const failed = "failed to parse platform: ";
  try {
    const parsed: unknown = parseBoundedJson(text);
    if (typeof parsed === "object" && !Array.isArray(parsed)) return (parsed as Platform | null) ?? {};
    throw badParameter(`${failed}json: cannot unmarshal ${nameGoKind(parsed)} into Go value of type v1.Platform`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badParameter(`${failed}${describeJsonError(text, error.message) ?? "unexpected end of JSON input"}`);
  }
}

/** dockerd's store has one platform of an image. @throws ApiError 404 if the client asks for another one */
export function checkPlatform({ configuration }: Image, name: string, platform: Platform | undefined): void {
  if (platform === undefined) return;
  const own = { os: configuration.os ?? "linux", architecture: configuration.architecture ?? "amd64" };
  if (own.os === platform.os && own.architecture === platform.architecture) return;
  const found = `image with reference ${name} was found but its platform (${formatPlatform(own)})`;
  throw notFound(`${found} does not match the specified platform (${formatPlatform(platform)})`);
}

function formatPlatform({ os = "", architecture = "", variant = "" }: Platform): string {
  return [os, architecture, ...(variant === "" ? [] : [variant])].join("/");
}
