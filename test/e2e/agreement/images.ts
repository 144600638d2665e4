import { packTar } from "../../playbook/tarred.ts";
import { type Probe, probe } from "./probe.ts";

const TAR = ["Content-Type: application/x-tar"];
const ANONYMOUS = ["X-Registry-Auth: e30="];
const DIGEST = `sha256:${"a".repeat(64)}`;
const HEX = "0123456789abcdef".repeat(4);
const HUB = "127.0.0.1:5000";

const listing: readonly Probe[] = [
  probe("ImageList", "GET /images/json"),
  probe("ImageList", "GET /images/json?all=1&digests=1"),
  probe("ImageList", "GET /images/json?filter=nosuch"),
  probe("ImageList", "GET /images/json?filter=busy*"),
  probe("ImageList", 'GET /images/json?filters={"dangling":["true"]}'),
  probe("ImageList", 'GET /images/json?filters={"dangling":["x"]}'),
  probe("ImageList", 'GET /images/json?filters={"label":["nosuch"]}'),
  probe("ImageList", 'GET /images/json?filters={"reference":["b*"]}', { values: [".*.RepoTags"] }),
  probe("ImageList", 'GET /images/json?filters={"reference":["["]}'),
  probe("ImageList", 'GET /images/json?filters={"before":["nosuch"]}'),
  probe("ImageList", 'GET /images/json?filters={"nosuch":["x"]}'),
  probe("ImageList", "GET /images/json?filters=x"),
  ...["busybox", "nosuch", "NoSuch", "0123abc", "sha256:0123abc", "a:b:c", `nosuch@${DIGEST}`, HEX].flatMap((name) => [
    probe("ImageInspect", `GET /images/${name}/json`),
    probe("ImageHistory", `GET /images/${name}/history`),
  ]),
];

const tag = (repo: string, name = "busybox"): Probe => probe("ImageTag", `POST /images/${name}/tag?repo=${repo}`);

const naming: readonly Probe[] = [
  ...["tide&tag=low", "tide&tag=low", "", "Tide", "tide&tag=*", `tide@${DIGEST}`, HEX, `${HUB}/tide/web&tag=1`].map(
    (repo) => tag(repo),
  ),
  tag(`${HUB}/other/web`),
  tag("tide", "nosuch"),
  probe("ImageInspect", "GET /images/busybox/json", { values: [".RepoTags", ".RepoDigests"] }),
];

const push = (name: string, more: Partial<Probe> = { headers: ANONYMOUS }): Probe =>
  probe("ImagePush", `POST /images/${name}`, more);
const pull = (query: string, more: Partial<Probe> = {}): Probe =>
  probe("ImageCreate", `POST /images/create?${query}`, { values: [".error"], ...more });

const registry: readonly Probe[] = [
  push(`${HUB}/tide/web/push?tag=1`),
  push(`${HUB}/tide/web/push?tag=1`),
  push(`${HUB}/tide/web/push?tag=nosuch`),
  push(`${HUB}/other/web/push`),
  push("nosuch/push"),
  push(`${HUB}/tide/web/push?tag=1`, {}),
  push(`${HUB}/tide/web/push?tag=1`, { headers: ["X-Registry-Auth: x"] }),
  probe("DistributionInspect", `GET /distribution/${HUB}/tide/web:1/json`, { values: [".Platforms"] }),
  probe("DistributionInspect", `GET /distribution/${HUB}/tide/web:nosuch/json`),
  probe("DistributionInspect", `GET /distribution/${HUB}/nosuch/json`),
  probe("DistributionInspect", "GET /distribution/BAD/json"),
  probe("ImageInspect", "GET /images/busybox/json", { values: [".RepoTags"] }),
  pull(`fromImage=${HUB}/tide/web:1`),
  probe("ImageDelete", `DELETE /images/${HUB}/tide/web:1`),
  probe("ImageDelete", `DELETE /images/${HUB}/other/web`),
  pull(`fromImage=${HUB}/tide/web:1`),
  pull(`fromImage=${HUB}/tide/web`),
  pull(`fromImage=${HUB}/nosuch&tag=1`),
  pull(`fromImage=${HUB}/tide/web&tag=nosuch`),
  pull("fromImage=NoSuch&tag=x"),
  pull("fromImage=scratch&tag=latest"),
  pull(`fromImage=${HUB}/tide/web&tag=*`),
  pull("", {}),
  pull(`fromImage=${HUB}/tide/web:1&platform=x/y/z/a`, { since: "1.32" }),
  probe("ImageDelete", `DELETE /images/${HUB}/tide/web:1`, { settles: 50 }),
  probe("ImageSearch", "GET /images/search?term=x&limit=200"),
  probe("ImageSearch", "GET /images/search?term=x&limit=y"),
];

/** What is refused before it is read is not sent: it would be met by a reset. */
const importing = (query: string, more: Partial<Probe> = {}): Probe =>
  probe("ImageCreate", `POST /images/create?fromSrc=-&${query}`, { headers: TAR, ...more });

const archives: readonly Probe[] = [
  importing("repo=imp&tag=1&message=hello&changes=ENV%20A=1", { body: packTar({ "a/b": "c" }) }),
  importing("repo=BAD"),
  importing(`repo=x@${DIGEST}`),
  importing("repo=x&changes=RUN%20x"),
  probe("ImageInspect", "GET /images/imp:1/json", { values: [".Config.Env", ".Comment", ".Size"] }),
  probe("ImageHistory", "GET /images/imp:1/history", { values: [".*.CreatedBy", ".*.Size", ".*.Tags"] }),
  probe("ImageGetAll", "GET /images/get"),
  probe("ImageGet", "GET /images/nosuch/get"),
  probe("ImageGetAll", "GET /images/get?names=nosuch"),
  probe("ImageGet", "GET /images/imp:1/get"),
  probe("ImageLoad", "POST /images/load?quiet=1", { body: Buffer.from("xxxx"), headers: TAR }),
  probe("ImageDelete", "DELETE /images/imp:1"),
];

const created = { Image: "busybox", Cmd: ["sh", "-c", "echo hi >/file"], Labels: { a: "b" } };
const commit = (query: string, body: unknown = {}): Probe => probe("ImageCommit", `POST /commit?${query}`, { body });

const committing: readonly Probe[] = [
  probe("ContainerCreate", "POST /containers/create?name=idle", { body: created }),
  probe("ContainerStart", "POST /containers/idle/start", { settles: 600 }),
  commit("container=idle&repo=shore&tag=1&comment=c&author=a&changes=ENV%20A=1%0ACMD%20%5B%22x%22%5D", {
    Env: ["B=2"],
    Labels: { k: "v" },
  }),
  probe("ImageInspect", "GET /images/shore:1/json", {
    values: [".Config", ".ContainerConfig.Cmd", ".Comment", ".Author", ".RepoTags"],
  }),
  probe("ImageHistory", "GET /images/shore:1/history", { values: [".*.CreatedBy", ".*.Comment", ".*.Tags"] }),
  commit("container=nosuch"),
  commit(""),
  ...["RUN%20x", "NOSUCH%20x", "FROM%20x", "ENV"].map((change) => commit(`container=idle&changes=${change}`)),
  probe("ImageList", 'GET /images/json?filters={"label":["k=v"]}', { values: [".*.RepoTags"] }),
  probe("ImageDelete", "DELETE /images/tide:low"),
  probe("ImageDelete", "DELETE /images/busybox"),
  probe("ContainerDelete", "DELETE /containers/idle"),
  probe("ImageDelete", "DELETE /images/nosuch"),
  probe("ImageDelete", "DELETE /images/BAD"),
  probe("ImageDelete", "DELETE /images/shore:1"),
  probe("ImagePrune", "POST /images/prune?filters=x"),
  probe("ImagePrune", 'POST /images/prune?filters={"nosuch":["x"]}'),
  probe("ImagePrune", 'POST /images/prune?filters={"until":["x"]}'),
  probe("ImagePrune", "POST /images/prune"),
];

const running: readonly Probe[] = [
  probe("ContainerCreate", "POST /containers/create?name=run", { body: { Image: "busybox", Cmd: ["sleep", "100"] } }),
  probe("ContainerStart", "POST /containers/run/start"),
  tag("again"),
  probe("ImageDelete", "DELETE /images/again"),
  probe("ImageDelete", "DELETE /images/busybox"),
  probe("ContainerDelete", "DELETE /containers/run?force=1"),
];

const gone: readonly Probe[] = [
  probe("ImageInsert", "POST /images/busybox/insert?path=/x&url=http://x"),
  probe("ImageViz", "GET /images/viz"),
];

export const imageProbes: readonly Probe[] = [listing, naming, registry, archives, committing, running, gone].flat();
