/** The builds of the captures, as their clients asked for them (see /test/wire/buildkit/captures). */
import type { ProtobufMessage } from "../../../src/wire/protobuf/protobuf-value.ts";
import type { BuildRequest, ClientFile } from "./build-client.ts";

const DIRECTORY = 2 ** 31 + 0o755;
const SYMLINK = 2 ** 27 + 0o777;

const PLAIN_CONTEXT: readonly ClientFile[] = [
  { path: ".dockerignore", content: "*.log\n" },
  { path: "app.txt", content: "app\n" },
  { path: "junk.log", content: "ignored\n" },
  { path: "src", mode: DIRECTORY },
  { path: "src/f1", content: "f1\n" },
  { path: "src/f2", content: "f2 is longer\n" },
  { path: "src/link", mode: SYMLINK, linkname: "f1" },
];
const DOCKERFILE =
  "FROM busybox\nWORKDIR /app\nCOPY app.txt .\nCOPY src src\nRUN cat app.txt && echo built > out.txt\n";

/** `docker build -t demo:1 plain` */
export const PLAIN: BuildRequest = {
  solve: solveOf({ name: "demo:1" }),
  frontend: frontendOf({}),
  files: { dockerfile: [{ path: "Dockerfile", content: DOCKERFILE }], context: PLAIN_CONTEXT },
};

/** `docker build -t demo:2 fail` */
export const FAILING: BuildRequest = {
  solve: solveOf({ name: "demo:2" }),
  frontend: frontendOf({}),
  files: {
    dockerfile: [{ path: "Dockerfile", content: "FROM busybox\nRUN echo before && exit 7\n" }],
    context: [],
  },
};

/** `docker build -f fail/Dockerfile.slow fail`, which was ended by Ctrl-C */
export const CANCELLED: BuildRequest = {
  solve: {
    ExporterDeprecated: "moby",
    FrontendAttrs: { filename: "Dockerfile.slow", "image-resolve-mode": "local" },
    Cache: {},
    Exporters: [{ Type: "moby" }],
  },
  frontend: frontendOf({ filename: "Dockerfile.slow" }),
  files: {
    dockerfile: [{ path: "Dockerfile.slow", content: "FROM busybox\nRUN echo slow && sleep 30\n" }],
    context: [],
  },
};

/** `docker build --output type=local,dest=... local` */
export const LOCAL: BuildRequest = {
  solve: {
    ExporterDeprecated: "local",
    FrontendAttrs: { filename: "Dockerfile", "image-resolve-mode": "local" },
    Cache: {},
    Exporters: [{ Type: "local" }],
  },
  frontend: frontendOf({}),
  files: {
    dockerfile: [
      {
        path: "Dockerfile",
        content:
          "FROM busybox AS b\nRUN mkdir -p /o/d && echo hi > /o/d/out.txt && ln -s out.txt /o/d/link && chmod 600 /o/d/out.txt\nFROM scratch\nCOPY --from=b /o /\nCOPY big /\n",
      },
    ],
    context: [{ path: "big", content: "z".repeat(70_000) }],
  },
};

/** `docker build --secret id=tok,src=tok.txt -t demo:3 secret` */
export const SECRET: BuildRequest = {
  solve: solveOf({ name: "demo:3" }),
  frontend: frontendOf({}),
  files: {
    dockerfile: [
      {
        path: "Dockerfile",
        content: "FROM busybox\nRUN --mount=type=secret,id=tok cat /run/secrets/tok | head -c 3\n",
      },
    ],
    context: [],
  },
};

/** `docker build --metadata-file ... --build-arg A=b -t demo:5 plain` */
export const METADATA: BuildRequest = {
  ...PLAIN,
  solve: solveOf({ name: "demo:5" }, { "build-arg:A": "b" }),
  frontend: frontendOf({ "build-arg:A": "b" }),
};

/** `docker build -q ctx`, and then `docker buildx history logs` */
export const LOOK_BACK: BuildRequest = {
  solve: {
    ExporterDeprecated: "moby",
    FrontendAttrs: { filename: "Dockerfile", "image-resolve-mode": "local" },
    Cache: {},
    Exporters: [{ Type: "moby" }],
  },
  frontend: frontendOf({}),
  files: {
    dockerfile: [{ path: "Dockerfile", content: "FROM scratch\nCOPY a /\n" }],
    context: [{ path: "a", content: "a\n" }],
  },
};

/** `docker buildx bake`: two targets with one context. `<shared>` is the session of that. */
export const BAKE: Readonly<Record<"one" | "two", BuildRequest>> = { one: bakeOf("one"), two: bakeOf("two") };

function bakeOf(who: string): BuildRequest {
  const options = {
    "build-arg:WHO": who,
    "local-sessionid:context": "<shared>",
    "local-sessionid:dockerfile": "<shared>",
  };
  return {
    solve: solveOf({ name: `bake:${who}` }, options),
    frontend: frontendOf(options),
    files: {
      dockerfile: [{ path: "Dockerfile", content: "FROM busybox\nARG WHO\nCOPY a.txt /\nRUN echo $WHO\n" }],
      context: [{ path: "a.txt", content: "a\n" }],
    },
  };
}

/** `tar ... | docker build -t demo:4 -`, with the id that names the upload. */
export function stdinOf(upload: Buffer, id: string): BuildRequest {
  const context = { context: `http://buildkit-session/${id}` };
  return { solve: solveOf({ name: "demo:4" }, context), frontend: frontendOf(context), files: {}, upload };
}

export function solveOf(
  attrs: Readonly<Record<string, string>>,
  frontend: Readonly<Record<string, string>> = {},
): ProtobufMessage {
  return {
    ExporterDeprecated: "moby",
    ExporterAttrsDeprecated: attrs,
    FrontendAttrs: { filename: "Dockerfile", "image-resolve-mode": "local", ...frontend },
    Cache: {},
    Exporters: [{ Type: "moby", Attrs: attrs }],
  };
}

export function frontendOf(options: Readonly<Record<string, string>>): ProtobufMessage {
  return {
    Frontend: "dockerfile.v0",
    FrontendOpt: { filename: "Dockerfile", "image-resolve-mode": "local", ...options },
    allowResultReturn: true,
    allowResultArrayRef: true,
  };
}

/** The request with another content, or another entry, in its context. */
export function withContext(
  request: BuildRequest,
  change: (files: readonly ClientFile[]) => readonly ClientFile[],
): BuildRequest {
  return { ...request, files: { ...request.files, context: change(request.files.context ?? []) } };
}
