import { Readable } from "node:stream";
import type Docker from "dockerode";
import {
  type Case,
  type Cases,
  call,
  catchRefusal,
  listNames,
  NOTE,
  REGISTRY,
  readProgress,
  readStream,
  tarOf,
  withContainer,
} from "./case.ts";

const AUTH = { username: "whale", password: "s3cret-tide", serveraddress: REGISTRY };

export const IMAGES: Cases = {
  listImages: async (docker) =>
    (await docker.listImages({ filters: { reference: ["busybox"] } })).map(({ RepoTags }) => RepoTags),
  inspect: async (docker) => (await docker.getImage("busybox").inspect()).Config.Cmd,
  "inspect of nothing": (docker) => catchRefusal(docker.getImage("nothing:1").inspect()),
  history: async (docker) => (await docker.getImage("busybox").history()).map(({ Tags }: { Tags: unknown }) => Tags),
  "tag, remove": withTag("tagged:1", async (docker) => (await docker.getImage("tagged:1").inspect()).RepoTags?.length),
  "remove of nothing": (docker) => catchRefusal(docker.getImage("nothing:1").remove()),
  push: withTag(
    `${REGISTRY}/pushed:1`,
    async (docker) =>
      (await readProgress(docker, await docker.getImage(`${REGISTRY}/pushed:1`).push({ authconfig: AUTH }))).length,
  ),
  pull: withPushed("pulled", async (docker, name) => readProgress(docker, await docker.pull(name))),
  "pull with a password": withPushed("secret", async (docker, name) =>
    readProgress(docker, await docker.pull(name, { authconfig: AUTH })),
  ),
  pullAll: withPushed("every", async (docker, name) => {
    return readProgress(docker, await call(docker, "pullAll", name.replace(/:1$/, "")));
  }),
  createImage: withPushed("created", async (docker, name) =>
    readProgress(docker, await docker.createImage({ fromImage: name })),
  ),
  "pull of what is nowhere": (docker) => catchRefusal(docker.pull(`${REGISTRY}/nothing:1`)),
  distribution: withPushed("distributed", async (docker, name) => {
    const { Descriptor } = await docker.getImage(name).distribution();
    return Descriptor.mediaType;
  }),
  searchImages: (docker) => catchRefusal(docker.searchImages({ term: "whale" })),
  "get, loadImage": async (docker) => {
    const saved = await readAll(await docker.getImage(NOTE).get());
    return [
      (await listNames(Readable.from([saved]))).length > 3,
      await readStream(await docker.loadImage(Readable.from([saved]))),
    ];
  },
  getImages: async (docker) => (await listNames(await call(docker, "getImages", { names: [NOTE] }))).length > 3,
  importImage: async (docker) => {
    const tar = await tarOf({ "etc/whale": "imported\n" });
    const said = await readStream(await docker.importImage(tar as never, { repo: "imported", tag: "1" }));
    await docker.getImage("imported:1").remove();
    return said;
  },
  buildImage: async (docker) => {
    const context = await tarOf({
      Dockerfile: "FROM busybox\nCOPY a.txt /\nRUN cat /a.txt\n",
      "a.txt": "in the image\n",
    });
    const messages = await readProgress(docker, await docker.buildImage(context, { t: "built:1", rm: true }));
    await docker.getImage("built:1").remove();
    return messages;
  },
  "buildImage that fails": async (docker) => {
    const context = await tarOf({ Dockerfile: "FROM busybox\nRUN exit 5\n" });
    const failing: NodeJS.ReadableStream = await docker.buildImage(context, { t: "failing:1", forcerm: true });
    return catchRefusal(readProgress(docker, failing));
  },
  pruneImages: async (docker) => (await docker.pruneImages({ filters: { label: ["prune=nothing"] } })).SpaceReclaimed,
  pruneBuilder: async (docker) => Object.keys(await docker.pruneBuilder()).sort(),
  "run of an image by its id": async (docker) => {
    const { Id } = await docker.getImage("busybox").inspect();
    return withContainer(
      docker,
      { Image: Id, name: "by-id" },
      async (container) => (await container.inspect()).Image === Id,
    );
  },
};

function withTag(name: string, work: Case): Case {
  return async (docker) => {
    const at = name.lastIndexOf(":");
    await docker.getImage("busybox").tag({ repo: name.slice(0, at), tag: name.slice(at + 1) });
    const seen = await work(docker);
    await docker.getImage(name).remove();
    return seen;
  };
}

/** With an image that is in the registry, and not in the daemon. */
function withPushed(repo: string, work: (docker: Docker, name: string) => Promise<unknown>): Case {
  const name = `${REGISTRY}/${repo}:1`;
  return async (docker) => {
    await docker.getImage("busybox").tag({ repo: `${REGISTRY}/${repo}`, tag: "1" });
    await readProgress(docker, await docker.getImage(name).push({ authconfig: AUTH }));
    await docker.getImage(name).remove();
    const seen = await work(docker, name);
    await catchRefusal(docker.getImage(name).remove());
    return seen;
  };
}

async function readAll(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as unknown as Buffer);
  return Buffer.concat(pieces);
}
