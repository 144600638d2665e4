/**
 * Docker Engine 28 with the clients of its day (CLI 28, compose v2, buildx) for a machine whose own packages are older:
 * packages of Debian's newer suite are unpacked into a folder of their own. Nothing of the machine is replaced; its own
 * runc serves both engines.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { install } from "./private-daemon-needs.js";

/**
 * @typedef {object} Engine28
 * @property {string} bin a folder for PATH: dockerd, containerd, docker and what they start
 * @property {string} docker the CLI
 * @property {string} plugins the CLI's plugins compose and buildx, for a folder `cli-plugins`
 */

const SUITE = "sid";
const WANTED = [
  "docker.io=28.5.*",
  "docker-cli=28.5.*",
  "containerd=2.1.*",
  "docker-compose=2.40.*",
  "docker-buildx=0.29.*",
];
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const PROGRAMS = [
  "bin/docker",
  "bin/containerd",
  "bin/containerd-shim-runc-v2",
  "bin/ctr",
  "bin/docker-init",
  "sbin/dockerd",
  "sbin/docker-proxy",
];

/** What the unpacked programs start, and what unpacking needs. */
const NEEDS = [
  { command: "runc", packages: ["runc"] },
  { command: "iptables", packages: ["iptables"] },
  { command: "xz", packages: ["xz-utils"] },
  { file: KEYRING, packages: ["debian-archive-keyring"] },
];

/**
 * Fetches the packages once for each machine and unpacks them.
 *
 * @param {string} [folder] default: a folder of the machine's temporary files, which later runs find again
 * @returns {Engine28}
 * @throws Error `this machine cannot fetch Engine 28: ...` if apt knows no Debian mirror, or the mirror no such package
 */
export function fetchEngine28(folder = join(tmpdir(), "whalesong-engine-28")) {
  if (!existsSync(join(folder, DONE))) {
    try {
      install(NEEDS);
      fetchInto(folder);
    } catch (cause) {
      throw new Error(`this machine cannot fetch Engine 28: ${/** @type {Error} */ (cause).message}`, { cause });
    }
  }
  const bin = join(folder, "bin");
  return { bin, docker: join(bin, "docker"), plugins: join(folder, "root/usr/libexec/docker/cli-plugins") };
}

/** A file of a folder that is whole. */
const DONE = "complete";

/**
 * Beside its place, so that two runs at once do not unpack into each other; the first one's is kept.
 * @param {string} folder
 */
function fetchInto(folder) {
  const draft = `${folder}.${process.pid}`;
  try {
    unpackInto(draft);
    writeFileSync(join(draft, DONE), "");
    if (existsSync(join(folder, DONE))) return;
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function unpackInto(folder) {
  const root = join(folder, "root");
  const packages = join(folder, "packages");
  for (const each of [root, packages, join(folder, "bin"), ...APT_FOLDERS.map((name) => join(folder, name))]) {
    mkdirSync(each, { recursive: true });
  }
  writeFileSync(join(folder, "sources.list"), `deb [signed-by=${KEYRING}] ${mirror()} ${SUITE} main\n`);
  apt(folder, packages, "update");
  for (const name of WANTED) apt(folder, packages, "download", name);
  for (const name of readdirSync(packages)) execFileSync("dpkg", ["-x", join(packages, name), root]);
  for (const program of PROGRAMS) symlinkSync(join("../root/usr", program), join(folder, "bin", basename(program)));
}

const APT_FOLDERS = ["lists/partial", "cache/archives/partial"];

/** The mirror that this machine's own apt uses. */
function mirror() {
  const format = "$(COMPONENT) $(REPO_URI)";
  const targets = execFileSync("apt-get", ["indextargets", "--format", format, "Created-By: Packages"], {
    encoding: "utf8",
  });
  const [, uri] = /^main (\S*\/debian\/?)$/m.exec(targets) ?? [];
  if (uri === undefined) throw new Error("expected a Debian mirror with `main` among the sources of apt, found none");
  return uri;
}

/**
 * apt over lists of its own, so that the machine's stay as they are.
 *
 * @param {string} folder
 * @param {string} cwd
 * @param {...string} words
 */
function apt(folder, cwd, ...words) {
  const settings = {
    "Dir::Etc::sourcelist": join(folder, "sources.list"),
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::State::Lists": join(folder, "lists"),
    "Dir::Cache": join(folder, "cache"),
    "APT::Sandbox::User": "root",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  execFileSync("apt-get", ["-qq", ...options, ...words], { cwd, stdio: ["ignore", 2, 2] });
}
