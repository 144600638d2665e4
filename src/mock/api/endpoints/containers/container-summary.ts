/** A container as lists and disk usage have it (moby daemon/list.go). */
import { sumSizes } from "../../../../userland/files/tree.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import type { Container } from "../../../model/container.ts";
import { toUnixSeconds } from "../../../model/go-time.ts";
import { getRootTree } from "../../../model/image.ts";
import type { Engine } from "../../../operations/engine.ts";
import { getRuntime } from "../../../runtime/engine-runtime.ts";
import type { LinkNames } from "../../../runtime/links.ts";
import { toMountJson } from "./inspect-json.ts";
import { toListedNetworksJson } from "./network-json.ts";
import { formatStatus } from "./status-text.ts";

/** What a summary needs besides its container. */
export interface SummaryContext {
  readonly engine: Engine;
  readonly hasSize: boolean;
  readonly links: LinkNames;
}

export function toContainerSummary(container: Container, { engine, hasSize, links }: SummaryContext): ApiJson {
  const { id, name, config, imageId, created, state, hostConfig, argv } = container;
  const sizes = hasSize ? measureContainer(engine, container) : undefined;
  return {
    Id: id,
    Names: [`/${name}`, ...(links.get(id) ?? [])].sort(),
    Image: config.Image || imageId,
    ImageID: imageId,
    Command: argv.map(quoteWord).join(" "),
    Created: toUnixSeconds(created),
    Ports: toPortsJson(container),
    SizeRw: sizes?.SizeRw,
    SizeRootFs: sizes?.SizeRootFs,
    Labels: config.Labels,
    State: state.status,
    Status: formatStatus(container, engine.time.now()),
    HostConfig: { NetworkMode: hostConfig.NetworkMode, Annotations: hostConfig.Annotations },
    NetworkSettings: { Networks: toListedNetworksJson(container) },
    Mounts: container.mounts.map(toMountJson),
  };
}

/** The daemon puts arguments with blanks into single quotes. */
function quoteWord(word: string, index: number): string {
  return index > 0 && word.includes(" ") ? `'${word}'` : word;
}

export function toPortsJson({ ports }: Container): ApiJson[] {
  return Object.entries(ports).flatMap(([port, bindings]) => {
    const [number = "", type = "tcp"] = port.split("/");
    const own = { PrivatePort: Number(number), Type: type };
    if (bindings === null) return [own];
    return bindings.map(({ HostIp, HostPort }) => ({
      IP: HostIp,
      PrivatePort: own.PrivatePort,
      PublicPort: Number(HostPort),
      Type: type,
    }));
  });
}

/** The size of what the container wrote, in bytes, and of all its files. */
export function measureContainer(
  engine: Engine,
  container: Container,
): { readonly SizeRw: number | undefined; readonly SizeRootFs: number } {
  const { files } = getRuntime(engine, container);
  const image = engine.images.get(container.imageId);
  const root = image === undefined ? undefined : getRootTree(image);
  const whole = sumSizes(files.root);
  const written = whole - (root === undefined ? 0 : sumSizes(root));
  return { SizeRw: written > 0 ? written : undefined, SizeRootFs: whole };
}
