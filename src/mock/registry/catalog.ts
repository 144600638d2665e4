/** The built-in registry's images: the names that tests pull, each a busybox with its own os-release. */
import { createBuiltinFile, createBusyboxImage, createHelloWorldImage } from "../images/builtin-images.ts";
import { HELLO_WORLD } from "../images/hello-world.ts";
import { createExecutable } from "../images/programs.ts";
import type { SentConfig } from "../model/container-config.ts";
import type { Image } from "../model/image.ts";

interface CatalogEntry {
  readonly description: string;
  readonly config?: SentConfig;
  /** The name of an executable that serves until a signal. */
  readonly serves?: string;
}

const toShellEntry = (description: string, shell = "sh"): CatalogEntry => ({ description, config: { Cmd: [shell] } });

function toServerEntry(description: string, port: number, ...command: readonly string[]): CatalogEntry {
  return {
    description,
    config: { Cmd: command, ExposedPorts: { [`${port}/tcp`]: {} } },
    serves: command[0] as string,
  };
}

/** By path on Docker Hub, without `library/`. */
const ENTRIES: ReadonlyMap<string, CatalogEntry> = new Map([
  ["busybox", toShellEntry("Busybox base image.")],
  ["alpine", toShellEntry("A minimal Docker image based on Alpine Linux.", "/bin/sh")],
  ["debian", toShellEntry("Debian is a Linux distribution.")],
  ["ubuntu", toShellEntry("Ubuntu is a Debian-based Linux operating system.")],
  ["bash", toShellEntry("Bash is the GNU Project's Bourne Again SHell")],
  ["node", toShellEntry("Node.js is a JavaScript-based platform.")],
  ["python", toShellEntry("Python is an interpreted programming language.")],
  ["golang", toShellEntry("Go is a general purpose programming language.")],
  [HELLO_WORLD, toShellEntry("Hello World! (an example of minimal Dockerization)")],
  ["nginx", toServerEntry("Official build of Nginx.", 80, "nginx", "-g", "daemon off;")],
  ["httpd", toServerEntry("The Apache HTTP Server Project", 80, "httpd-foreground")],
  ["redis", toServerEntry("Redis is the world's fastest data platform.", 6379, "redis-server")],
  ["postgres", toServerEntry("The PostgreSQL object-relational database system.", 5432, "postgres")],
  ["mysql", toServerEntry("MySQL is a widely used, open-source relational database.", 3306, "mysqld")],
  ["mongo", toServerEntry("MongoDB document databases.", 27017, "mongod")],
  [
    "registry",
    toServerEntry("Distribution implementation for storing images", 5000, "registry", "serve", "/etc/config.yml"),
  ],
  ["memcached", toServerEntry("Free & open source memory object caching system.", 11211, "memcached")],
  ["testcontainers/ryuk", toServerEntry("Removes what tests leave behind", 8080, "ryuk")],
]);

/** `latest`, common variants, and versions such as `3`, `3.19-slim` or `22.04`. Other tags do not exist. */
const TAG = /^(?:latest|stable|edge|lts|slim|alpine|mainline|uclibc|musl|glibc|linux|v?\d[\w.-]*)$/;

export function listCatalogNames(): readonly string[] {
  return [...ENTRIES.keys()];
}

export function getCatalogDescription(name: string): string {
  return ENTRIES.get(name)?.description ?? "";
}

/** The image of `name:tag`. Undefined for an unknown name or tag. */
export function findCatalogImage(name: string, tag: string): Image | undefined {
  const entry = ENTRIES.get(name);
  if (entry === undefined || !TAG.test(tag)) return undefined;
  if (name === HELLO_WORLD) return createHelloWorldImage();
  if (name === "busybox") return createBusyboxImage({});
  return createStandIn(name, tag, entry);
}

/** A busybox that stands in for an image of another name. */
export function createStandIn(name: string, tag: string, { config = {}, serves }: Partial<CatalogEntry> = {}): Image {
  const release = createBuiltinFile("etc/os-release", `ID=${name}\nVERSION_ID=${tag}\nNAME="${name} (simulated)"\n`);
  const programs =
    serves === undefined ? [] : [createBuiltinFile(`usr/bin/${serves}`, createExecutable("server"), 0o755)];
  return createBusyboxImage(config, [release, ...programs]);
}
