/** A daemon's state from its text, YAML or JSON; every complaint names its place. */
import { entriesOf, fieldsOf, isList, isText, itemsOf, type Place, present, wrong } from "../../cassette/read/place.ts";
import { choiceOf, flagOf, textOf, wordOf } from "../../cassette/read/values.ts";
import { behavioursOf } from "../behaviours/read.ts";
import type {
  ContainerLiteral,
  ImageLiteral,
  LogLiteral,
  NetworkLiteral,
  StateLiteral,
  VolumeLiteral,
} from "./literal.ts";

type Reader<T> = (place: Place) => T;
/** By key. */
type Readers<T> = { readonly [K in keyof T]-?: Reader<NonNullable<T[K]>> };

/** `others`: keys of the map that are somebody else's to read. @throws CassetteError, at the place of what is wrong */
export function stateOf(place: Place, others: readonly string[] = []): StateLiteral {
  const readers = { behaviours: behavioursOf, images, networks, volumes, containers };
  const fields = fieldsOf(place, [...Object.keys(readers), ...others], "a state");
  return {
    ...present("behaviours", fields.get("behaviours"), behavioursOf),
    ...present("images", fields.get("images"), images),
    ...present("networks", fields.get("networks"), networks),
    ...present("volumes", fields.get("volumes"), volumes),
    ...present("containers", fields.get("containers"), containers),
  };
}

/** A map whose keys are those of `readers`; `name` and those of `needed` must be there. */
function literalOf<T>(place: Place, owner: string, readers: Readers<T>, needed: readonly (keyof T & string)[]): T {
  const fields = fieldsOf(place, Object.keys(readers), owner);
  const missing = needed.find((key) => !fields.has(key));
  if (missing !== undefined) throw wrong(place, `a map with a \`${missing}\``);
  const read = [...fields].map(([key, value]) => [key, readers[key as keyof T](value)] as const);
  return Object.fromEntries(read) as T;
}

const listOf =
  <T>(read: Reader<T>, expected: string): Reader<readonly T[]> =>
  (place) =>
    itemsOf(place, expected).map(read);

const orName =
  <T>(read: Reader<T>): Reader<string | T> =>
  (place) =>
    isText(place) ? wordOf(place, "a name") : read(place);

const texts: Reader<readonly string[]> = listOf((place) => textOf(place), "a list of texts");

const textMap: Reader<Readonly<Record<string, string>>> = (place) =>
  Object.fromEntries([...entriesOf(place, "a map of texts")].map(([key, value]) => [key, textOf(value)]));

const command: Reader<string | readonly string[]> = (place) => (isList(place) ? texts(place) : textOf(place));

const name: Reader<string> = (place) => wordOf(place, "a name");

const flag: Reader<boolean> = (place) => flagOf(place) ?? false;

const image: Readers<ImageLiteral> = {
  name,
  from: name,
  command,
  entrypoint: texts,
  env: textMap,
  labels: textMap,
  ports: texts,
  user: name,
  workdir: name,
  files: textMap,
};

const network: Readers<NetworkLiteral> = { name, driver: name, subnet: name, internal: flag, labels: textMap };

const volume: Readers<VolumeLiteral> = { name, labels: textMap, files: textMap };

const container: Readers<ContainerLiteral> = {
  name,
  image: name,
  state: (place) => choiceOf(place, ["created", "running", "paused", "restarting", "exited", "dead", "removing"]),
  exitCode,
  health: (place) => choiceOf(place, ["starting", "healthy", "unhealthy"]),
  command,
  env: textMap,
  labels: textMap,
  ports: texts,
  volumes: texts,
  network: name,
  restart: name,
  tty: flag,
  files: textMap,
  logs: listOf(logLine, "a list of lines"),
};

function exitCode(place: Place): number {
  const text = textOf(place);
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255) throw wrong(place, "a number from 0 to 255");
  return Number(text);
}

function logLine(place: Place): LogLiteral {
  if (isText(place)) return textOf(place);
  const stderr = fieldsOf(place, ["stderr"], "a line").get("stderr");
  if (stderr === undefined) throw wrong(place, "a line, or a map with `stderr`");
  return { stderr: textOf(stderr) };
}

const images: Reader<NonNullable<StateLiteral["images"]>> = listOf(
  orName((place) => literalOf(place, "an image", image, ["name"])),
  "a list of images",
);
const networks: Reader<NonNullable<StateLiteral["networks"]>> = listOf(
  orName((place) => literalOf(place, "a network", network, ["name"])),
  "a list of networks",
);
const volumes: Reader<NonNullable<StateLiteral["volumes"]>> = listOf(
  orName((place) => literalOf(place, "a volume", volume, ["name"])),
  "a list of volumes",
);
const containers: Reader<NonNullable<StateLiteral["containers"]>> = listOf(
  (place) => literalOf(place, "a container", container, ["name", "image"]),
  "a list of containers",
);
