import { describe, expect, test } from "vitest";
import { ApiError } from "../../../src/mock/model/api-error.ts";
import { ENGINE_RELEASES, type EngineName } from "../../../src/mock/model/engine-release.ts";
import { wordError } from "../../../src/mock/model/error-wording.ts";

function word(engine: EngineName, operation: string, status: number, message: string): string {
  const error = wordError(ENGINE_RELEASES[engine], new ApiError(status, message), { operation, name: "web" });
  return `${error.status} ${error.message}`;
}

/** An error of an operation, and how Engine 28 words it. Each was compared with dockerd 28.5. */
const ERRORS: readonly (readonly [operation: string, status: number, message: string, in28: string])[] = [
  ["ContainerTop", 409, "Container abc is not running", "409 container abc is not running"],
  ["ContainerPause", 409, "Container abc is already paused", "409 Container abc is already paused"],
  ["ContainerList", 400, "Invalid filter 'nosuch'", "400 invalid filter 'nosuch'"],
  ["ContainerList", 500, "no such container db", "404 No such container: db"],
  ["ContainerKill", 400, "Invalid signal: XX", "400 cannot kill container: web: invalid signal: XX"],
  ["ContainerStop", 400, "Invalid signal: XX", "500 cannot stop container: web: invalid signal: XX"],
  ["ContainerCreate", 400, "Invalid signal: XX", "400 invalid signal: XX"],
  [
    "ContainerCreate",
    500,
    "json: cannot unmarshal number into Go struct field ContainerConfigWrapper.Image of type string",
    "400 invalid JSON: json: cannot unmarshal number into Go struct field .Image of type string",
  ],
  [
    "ContainerExec",
    400,
    "json: cannot unmarshal array into Go value of type types.ExecConfig",
    "400 invalid JSON: json: cannot unmarshal array into Go value of type container.ExecOptions",
  ],
  [
    "ContainerDelete",
    409,
    "You cannot remove a running container abc. Stop the container before attempting removal or force remove",
    '409 cannot remove container "web": container is running: stop the container before removing or force remove',
  ],
  [
    "ContainerStart",
    404,
    "network tide not found",
    "404 failed to set up container networking: network tide not found",
  ],
  ["NetworkInspect", 404, "network tide not found", "404 network tide not found"],
  ["PutContainerArchive", 500, "container rootfs is marked read-only", "400 container rootfs is marked read-only"],
  [
    "ImageBuild",
    400,
    "dockerfile parse error line 2: Unknown flag: x",
    "400 dockerfile parse error on line 2: unknown flag: --x",
  ],
  ["ImageTag", 500, "invalid tag format", "400 invalid tag format"],
  ["ImageCommit", 400, "RUN is not a valid change command", "400 RUN is not a valid change command"],
];

describe("an error", () => {
  test.each(ERRORS)("of %s, %i %s", (operation, status, message, in28) => {
    expect(word("28", operation, status, message)).toBe(in28);
  });

  test.each(ERRORS.filter(([operation]) => operation !== "ImageCommit"))(
    "of %s, %i %s, is Engine 20.10's as it is",
    (operation, status, message) => {
      expect(word("20.10", operation, status, message)).toBe(`${status} ${message}`);
    },
  );

  test.each([
    ["RUN is not a valid change command", "400 run is not a valid change command"],
    [
      "invalid reference format: repository name (library/Web) must be lowercase",
      "400 invalid reference format: repository name must be lowercase",
    ],
  ])("that Engine 20.10 says in fewer words: %s", (message, in2010) => {
    expect(word("20.10", "ImageCommit", 400, message)).toBe(in2010);
    expect(word("28", "ImageInspect", 400, message)).toBe(`400 ${message}`);
  });

  test("with a name that looks like a group keeps it", () => {
    const error = new ApiError(400, "Invalid signal: XX");
    const { message } = wordError(ENGINE_RELEASES["28"], error, { operation: "ContainerKill", name: "$1$&" });
    expect(message).toBe("cannot kill container: $1$&: invalid signal: XX");
  });

  test("keeps the exit code of a build's step", () => {
    expect(wordError(ENGINE_RELEASES["28"], new ApiError(500, "failed", 7)).code).toBe(7);
  });
});
