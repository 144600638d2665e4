import type { Readable } from "node:stream";
import { type Case, type Cases, call, catchRefusal, REGISTRY, withContainer, withRunning } from "./case.ts";

const REMOTE = { _query: { remote: `${REGISTRY}/fin:1` }, _body: [] };
const PLUGIN_METHODS: readonly (readonly [method: string, ...parameters: unknown[]])[] = [
  ["inspect"],
  ["privileges"],
  ["pull", REMOTE],
  ["enable", { timeout: 1 }],
  ["disable"],
  ["push"],
  ["configure", {}],
  ["upgrade", {}, REMOTE],
  ["remove"],
];

/** Networks, volumes, plugins, and the daemon itself. */
export const SURROUNDINGS: Cases = {
  ping: async (docker) => String(await docker.ping()),
  df: async (docker) => Object.keys(await docker.df()).sort(),
  checkAuth: (docker) =>
    catchRefusal(docker.checkAuth({ username: "whale", password: "s3cret-tide", serveraddress: `http://${REGISTRY}` })),
  getEvents: async (docker) => {
    const events = (await docker.getEvents({ filters: { container: ["watched"] } })) as Readable;
    const heard = (async () => {
      const actions: string[] = [];
      let text = "";
      for await (const piece of events) {
        text += String(piece);
        const lines = text.split("\n");
        text = lines.pop() ?? "";
        for (const line of lines) actions.push(JSON.parse(line).Action);
        if (actions.includes("destroy")) break;
      }
      return actions;
    })();
    await withContainer(docker, { name: "watched", Cmd: ["true"] }, async (container) => {
      await container.start();
      await container.wait();
    });
    return heard;
  },
  "createNetwork, inspect, remove": async (docker) => {
    const network = await docker.createNetwork({ Name: "sea", Driver: "bridge", Labels: { salt: "yes" } });
    const { Name, Driver, Labels } = await network.inspect();
    await network.remove();
    return [{ Name, Driver, Labels }, await catchRefusal(network.inspect())];
  },
  listNetworks: async (docker) => (await docker.listNetworks()).map(({ Name }) => Name).sort(),
  "connect, disconnect": async (docker) => {
    const network = await docker.createNetwork({ Name: "bay" });
    try {
      return await withRunning(docker, "boat", async (container) => {
        await network.connect({ Container: "boat", EndpointConfig: { Aliases: ["ship"] } });
        const there = Object.keys((await container.inspect()).NetworkSettings.Networks).sort();
        await network.disconnect({ Container: "boat" });
        return [there, Object.keys((await container.inspect()).NetworkSettings.Networks)];
      });
    } finally {
      await network.remove();
    }
  },
  pruneNetworks: async (docker) => {
    await docker.createNetwork({ Name: "puddle", Labels: { prune: "me" } });
    return docker.pruneNetworks({ filters: { label: ["prune=me"] } });
  },
  "createVolume, inspect, remove": async (docker) => {
    await docker.createVolume({ Name: "tank", Labels: { salt: "yes" } });
    const volume = docker.getVolume("tank");
    const { Name, Labels } = await volume.inspect();
    await volume.remove();
    return [{ Name, Labels }, await catchRefusal(volume.inspect())];
  },
  listVolumes: async (docker) => {
    await docker.createVolume({ Name: "listed-tank" });
    const { Volumes } = await docker.listVolumes({ filters: JSON.stringify({ name: ["listed-tank"] }) as never });
    await docker.getVolume("listed-tank").remove();
    return Volumes.map(({ Name }) => Name);
  },
  "volume in use": (docker) =>
    withContainer(docker, { name: "user", HostConfig: { Binds: ["used-tank:/tank"] } }, async () => {
      const said = await catchRefusal(docker.getVolume("used-tank").remove());
      return said.replace(/[0-9a-f]{64}/, "ID");
    }).finally(() => docker.getVolume("used-tank").remove()),
  pruneVolumes: async (docker) => {
    await docker.createVolume({ Name: "dry-tank", Labels: { prune: "me" } });
    return (await docker.pruneVolumes({ filters: { label: ["prune=me"] } })).VolumesDeleted;
  },
  listPlugins: (docker) => docker.listPlugins(),
  "createPlugin, of nothing": (docker) => catchRefusal(call(docker, "createPlugin", { name: "fin:1" })),
  ...Object.fromEntries(
    PLUGIN_METHODS.map(
      ([method, ...parameters]) =>
        [
          `plugin: ${method}`,
          (docker) => catchRefusal(call(docker.getPlugin("fin:1", `${REGISTRY}/fin:1`), method, ...parameters)),
        ] satisfies [string, Case],
    ),
  ),
};
