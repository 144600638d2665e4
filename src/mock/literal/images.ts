import type { Engine } from "../engine.ts";
import { newImage } from "../images/configuration.ts";
import { layerOf } from "../images/layers.ts";
import { configOf } from "../state/container-config.ts";
import { type Image, rootOf } from "../state/image.ts";
import { familiar, withTag } from "../state/images.ts";
import { Disk } from "../world/files/disk.ts";
import { directoryNode } from "../world/files/node.ts";
import { commandWords, environment, writeFiles } from "./files.ts";
import type { ImageLiteral } from "./literal.ts";

/** The image, which is there already where a tag is all that is asked for. */
export function placeImage(engine: Engine, literal: ImageLiteral): Image {
  const known = engine.images.lookUp(literal.name);
  if (known !== undefined && Object.keys(literal).length === 1) return known;
  const base = engine.images.find(literal.from ?? "busybox");
  const root = rootOf(base) ?? directoryNode(0);
  const cell = { root };
  // Dated like the image below it, so that the same literal has the same id on every day.
  const madeMs = Number(base.created / 1_000_000n);
  writeFiles(new Disk([{ at: "/", cell }], () => madeMs), literal.files);
  const isSame = cell.root === root;
  const entry = { created: base.created, createdBy: "whalesong", comment: "", isEmptyLayer: isSame };
  const image = newImage({
    created: base.created,
    config: configWith(literal, base),
    history: [...base.history, entry],
    layers: isSame ? base.layers : [...base.layers, layerOf(cell.root, base.layers.at(-1))],
    parentId: base.id,
  });
  // Two names for the same contents are one image.
  const tags = [...(engine.images.get(image.id)?.tags ?? []), withTag(familiar(literal.name))].sort();
  return engine.images.put({ ...image, tags });
}

function configWith(
  { command, entrypoint, env, labels, ports, user, workdir }: ImageLiteral,
  { config }: Image,
): Image["config"] {
  return configOf({
    ...config,
    Env: [...(config.Env ?? []), ...environment(env)],
    ...(command === undefined ? {} : { Cmd: commandWords(command) }),
    ...(entrypoint === undefined ? {} : { Entrypoint: entrypoint }),
    ...(labels === undefined ? {} : { Labels: labels }),
    ...(ports === undefined ? {} : { ExposedPorts: exposed(ports) }),
    ...(user === undefined ? {} : { User: user }),
    ...(workdir === undefined ? {} : { WorkingDir: workdir }),
  });
}

/** `80` as `80/tcp`. */
export function exposed(ports: readonly (string | number)[]): Record<string, object> {
  return Object.fromEntries(ports.map((port) => [String(port).includes("/") ? String(port) : `${port}/tcp`, {}]));
}
