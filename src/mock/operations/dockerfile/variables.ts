/** The variables that words of a Dockerfile refer to, by name. */
export type DockerfileVariables = ReadonlyMap<string, string>;

/** The variables of an image's or a container's `Env`. A name without `=` has an empty value. */
export function toVariables(env: readonly string[]): DockerfileVariables {
  return new Map(
    env.map((pair) => {
      const equals = pair.indexOf("=");
      return equals === -1 ? ([pair, ""] as const) : ([pair.slice(0, equals), pair.slice(equals + 1)] as const);
    }),
  );
}
