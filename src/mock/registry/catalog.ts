/** What the built-in registry has: the names that tests pull, as busyboxes that say who they are. */
import { builtinFile, busyboxLike, helloWorldImage } from "../images/builtin.ts";
import { HELLO_WORLD } from "../images/hello-world.ts";
import { executable } from "../images/programs.ts";
import type { SentConfig } from "../model/container-config.ts";
import type { Image } from "../model/image.ts";

interface Entry {
  readonly description: string;
  readonly config?: SentConfig;
  /** An executable that serves until it is told to stop. */
  readonly serves?: string;
}

const plain = (description: string, shell = "sh"): Entry => ({ description, config: { Cmd: [shell] } });

function server(description: string, port: number, ...command: readonly string[]): Entry {
  return {
    description,
    config: { Cmd: command, ExposedPorts: { [`${port}/tcp`]: {} } },
    serves: command[0] as string,
  };
}

/** By their path on the hub, without `library/`. */
const ENTRIES: ReadonlyMap<string, Entry> = new Map([
  ["busybox", plain("Busybox base image.")],
  ["alpine", plain("A minimal Docker image based on Alpine Linux.", "/bin/sh")],
  ["debian", plain("Debian is a Linux distribution.")],
  ["ubuntu", plain("Ubuntu is a Debian-based Linux operating system.")],
  ["bash", plain("Bash is the GNU Project's Bourne Again SHell")],
  ["node", plain("Node.js is a JavaScript-based platform.")],
  ["python", plain("Python is an interpreted programming language.")],
  ["golang", plain("Go is a general purpose programming language.")],
  [HELLO_WORLD, plain("Hello World! (an example of minimal Dockerization)")],
  ["nginx", server("Official build of Nginx.", 80, "nginx", "-g", "daemon off;")],
  ["httpd", server("The Apache HTTP Server Project", 80, "httpd-foreground")],
  ["redis", server("Redis is the world's fastest data platform.", 6379, "redis-server")],
  ["postgres", server("The PostgreSQL object-relational database system.", 5432, "postgres")],
  ["mysql", server("MySQL is a widely used, open-source relational database.", 3306, "mysqld")],
  ["mongo", server("MongoDB document databases.", 27017, "mongod")],
  ["registry", server("Distribution implementation for storing images", 5000, "registry", "serve", "/etc/config.yml")],
  ["memcached", server("Free & open source memory object caching system.", 11211, "memcached")],
  ["testcontainers/ryuk", server("Removes what tests leave behind", 8080, "ryuk")],
]);

/** `latest`, and what looks like a version: `3`, `3.19-slim`, `22.04`, `noble`... but not every word. */
const TAG = /^(?:latest|stable|edge|lts|slim|alpine|mainline|uclibc|musl|glibc|linux|v?\d[\w.-]*)$/;

export function catalogNames(): readonly string[] {
  return [...ENTRIES.keys()];
}

export function catalogDescription(name: string): string {
  return ENTRIES.get(name)?.description ?? "";
}

/** What `name:tag` is; undefined where there is none. */
export function catalogImage(name: string, tag: string): Image | undefined {
  const entry = ENTRIES.get(name);
  if (entry === undefined || !TAG.test(tag)) return undefined;
  if (name === HELLO_WORLD) return helloWorldImage();
  if (name === "busybox") return busyboxLike({});
  return standIn(name, tag, entry);
}

/** A busybox by another name. */
export function standIn(name: string, tag: string, { config = {}, serves }: Partial<Entry> = {}): Image {
  const release = builtinFile("etc/os-release", `ID=${name}\nVERSION_ID=${tag}\nNAME="${name} (simulated)"\n`);
  const programs = serves === undefined ? [] : [builtinFile(`usr/bin/${serves}`, executable("server"), 0o755)];
  return busyboxLike(config, [release, ...programs]);
}
