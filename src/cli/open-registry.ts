import { homedir } from "node:os";
import { join } from "node:path";
import type { ArtifactReference } from "../io/oci/artifact-reference.ts";
import { readCredentials } from "../io/oci/read-credentials.ts";
import { RegistryClient } from "../io/oci/registry-client.ts";

/** A client with the user that `docker login` has stored. @throws UsageError `WHALESONG_REGISTRY_LOGIN` */
export function openRegistry(reference: ArtifactReference): RegistryClient {
  const folder = process.env.DOCKER_CONFIG || join(homedir(), ".docker");
  return new RegistryClient(reference, readCredentials(folder, reference.host));
}
