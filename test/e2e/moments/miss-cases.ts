/** What a miss says: the nearest recorded request is of the same operation and path, and was not played. */
import type { MomentCase } from "./moment-case.ts";
import type { SlowDocker } from "./slow-docker.ts";
import { tarOf } from "./tar-of.ts";

const make = async (docker: SlowDocker, body: object): Promise<string> => {
  const { json } = await docker.post("/containers/create", { Image: "busybox", Cmd: ["true"], ...body });
  return `/containers/${json.Id}`;
};

export const MISS_CASES: readonly MomentCase[] = [
  {
    kind: "nearest",
    does: "files for a container are compared with those that it got, and not with another one's",
    misses: 1,
    see: async (docker) => {
      const [many, one] = [{ "a.txt": "a", "b.txt": "b", "c.txt": "c" }, { "g.txt": "g" }];
      const [web, db] = [await make(docker, {}), await make(docker, { Cmd: ["false"] })];
      const put = (path: string, files: Readonly<Record<string, string>>): ReturnType<SlowDocker["put"]> =>
        docker.put(`${path}/archive?path=/`, tarOf(files, 1e9));
      const statuses = [(await put(db, one)).status, (await put(web, many)).status];
      const fields = await docker.explainMiss(
        () => put(web, one),
        ["tar.a.txt", "tar.b.txt", "tar.c.txt", "tar.g.txt"],
      );
      for (const path of [web, db]) await docker.delete(path);
      return [statuses, fields];
    },
  },
  {
    kind: "nearest",
    does: "a container is compared with one that is still to be made, and not with one that differs less",
    misses: 1,
    see: async (docker) => {
      const labels = { shop: "reef", tier: "web" };
      const first = await make(docker, { Labels: labels });
      const fields = await docker.explainMiss(
        () => docker.post("/containers/create", { Image: "busybox", Cmd: ["true"], Labels: { ...labels, tier: "db" } }),
        ["json.Cmd", "json.Labels"],
      );
      const second = await make(docker, { Cmd: ["false"] });
      for (const path of [first, second]) await docker.delete(path);
      return fields;
    },
  },
];
