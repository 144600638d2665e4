import { ApiError } from "../../model/api-error.ts";

/** What the classic builder says of a flag that it reads and cannot follow (moby builder/dockerfile/dispatchers.go). */
export function createBuildKitError(flag: string): ApiError {
  const where = "Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled";
  return new ApiError(400, `the --${flag} option requires BuildKit. ${where}`);
}
