import { packTar } from "../../playbook/tarred.ts";
import { type Probe, probe } from "./probe.ts";

const TAR = ["Content-Type: application/x-tar"];
const CONTEXT = { "a.txt": "one\n", "sub/b.txt": "two\n", "inner.tar": packTar({ "c/d": "three\n" }) };

/** Every message that the builder says must be the same. */
function build(query: string, ...lines: readonly string[]): Probe {
  return probe("ImageBuild", `POST /build?rm=1&${query}`, {
    body: packTar({ ...CONTEXT, Dockerfile: lines.join("\n") }),
    headers: TAR,
    values: [".stream", ".error", ".errorDetail"],
  });
}

const EVERYTHING = [
  "# comment",
  "FROM busybox",
  'ENV A=1 B="two words"',
  "COPY a.txt /x/",
  "ADD inner.tar /in",
  "ADD sub /sub/",
  "WORKDIR /w",
  "LABEL k=v",
  "EXPOSE 80 53/udp",
  "USER nobody",
  "VOLUME /data",
  "ARG X=3",
  "STOPSIGNAL INT",
  "HEALTHCHECK --interval=5s CMD true",
  "HEALTHCHECK NONE",
  'SHELL ["/bin/sh","-ec"]',
  "ONBUILD RUN echo later",
  "MAINTAINER me",
  'ENTRYPOINT ["echo"]',
  "CMD a b",
];

const working: readonly Probe[] = [
  build("t=one", ...EVERYTHING),
  build("t=one&t=two:2", ...EVERYTHING),
  probe("ImageInspect", "GET /images/one/json", {
    values: [".Config.Cmd", ".Config.Env", ".Config.Healthcheck", ".ContainerConfig.Cmd", ".Author", ".RepoTags"],
  }),
  probe("ImageHistory", "GET /images/one/history", { values: [".*.Tags"] }),
  build("q=1", "FROM busybox", "ENV A=1"),
  build("t=run", "FROM busybox", "ARG X=3", "RUN echo $X", "RUN echo err >&2"),
  build("t=run", "FROM busybox", "ARG X=3", "RUN echo $X", "RUN echo err >&2"),
  build(
    'buildargs={"X":"4","Y":"1"}&labels={"l":"1"}&nocache=1',
    "ARG T=latest",
    "FROM busybox:$T AS base",
    "ARG X=3",
    "RUN echo $X",
    "FROM scratch",
    "COPY --from=base /etc/passwd /p",
    "COPY --from=0 --chown=1:1 /etc/group /g",
  ),
  build("target=base", "FROM busybox AS base", "RUN echo $X", "FROM scratch", "COPY --from=base /etc/passwd /p"),
  build("t=onb", "FROM busybox", "ONBUILD COPY a.txt /q", "ONBUILD RUN cat /q"),
  build("t=onb2", "FROM onb", 'LABEL a=b c="d e"', "COPY a.txt a.txt* /y/", "ADD --chown=1:2 a.txt z"),
  build("", "# escape=`", "FROM busybox", "RUN echo `", "  ok", "RUN printf 'a\\nb' >&2"),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the builder puts it in
  build("", "FROM busybox", "ENV Q=${A:-def} R=$Q S=\\$x", 'CMD ["a", b]', "ENTRYPOINT []", "ENV OLD a b   c"),
];

/** Refused before the context is read: sent along, it would be met by a reset. */
const refused: readonly Probe[] = [
  "t=BAD",
  "version=3",
  "remote=x",
  "buildargs=x",
  "labels=x",
  "shmsize=x",
  "squash=1",
].map((query) => probe("ImageBuild", `POST /build?${query}`, { headers: TAR }));

const failing: readonly Probe[] = [
  build("", "FROM busybox", "RUN exit 3"),
  build("forcerm=1", "FROM busybox", "RUN false"),
  build("", "FROM busybox", 'RUN ["nosuch"]'),
  build("target=nosuch", "FROM busybox AS base"),
  build("dockerfile=nosuch", "FROM busybox"),
  build("memory=x&cpuquota=x", "FROM busybox"),
  build("shmsize=x", "FROM busybox"),
  build("dockerfile=../x", "FROM busybox"),
  ...[
    "COPY nosuch /",
    "COPY *.nosuch /",
    "COPY a.txt sub /x",
    "COPY ../a /",
    "COPY a.txt",
    "COPY --from=busybox /nosuch /b",
    "COPY --bad=1 a /",
    "EXPOSE x",
    "NOSUCH x",
    "ENV",
    "ENV A",
    "USER",
    "SHELL x",
    "STOPSIGNAL NOPE",
    "HEALTHCHECK --bad=1 CMD x",
    "ONBUILD FROM x",
    "ONBUILD ONBUILD RUN x",
    "RUN --mount=type=bind true",
  ].map((line) => build("", "FROM busybox", line)),
  ...["", "# only", "RUN x", "FROM scratch", "FROM busybox AS a b", "FROM busybox AS 0a", "FROM Busybox"].map((line) =>
    build("", line),
  ),
  probe("ImageBuild", "POST /build", { body: Buffer.from("garbage"), headers: TAR }),
  probe("BuildPrune", "POST /build/prune?filters=x", { since: "1.31" }),
  probe("BuildPrune", "POST /build/prune?keep-storage=x", { since: "1.31" }),
  probe("BuildPrune", "POST /build/prune", { since: "1.31" }),
  probe("BuildCancel", "POST /build/cancel", { since: "1.31" }),
  probe("BuildCancel", "POST /build/cancel?id=x", { since: "1.31" }),
  probe("ContainerPrune", "POST /containers/prune"),
  ...["one", "two:2", "run", "onb", "onb2"].map((name) => probe("ImageDelete", `DELETE /images/${name}?force=1`)),
  probe("ImagePrune", "POST /images/prune"),
];

export const buildProbes: readonly Probe[] = [...working, ...refused, ...failing];
