// biome-ignore-all lint/suspicious/noTemplateCurlyInString: parameters of a shell look like that
import { describe, expect, test } from "vitest";
import type { Behaviour } from "../../src/mock/runtime/behaviours/behaviour.ts";
import { MockedDaemon } from "../playbook/mocked.ts";

const V = "/v1.41";
const SHOP: Behaviour = {
  image: "shop",
  stays: true,
  ports: {
    80: {
      http: { "/": { body: "open\n" }, "/moved": { status: 302, headers: { Location: "/" } }, "*": { status: 404 } },
    },
    7: "echo",
    25: { greets: "220 hello\n" },
  },
};

/** A shop and an empty box in one network; and what a script says in the box, and on which status it ends. */
class Street {
  readonly docker: MockedDaemon;

  constructor(options: ConstructorParameters<typeof MockedDaemon>[0] = {}) {
    this.docker = new MockedDaemon({ behaviours: [SHOP], ...options });
  }

  async opens(network = "street"): Promise<void> {
    await this.docker.asks(`POST ${V}/networks/create`, { Name: network });
    await this.runs("web", { Image: "shop", Hostname: "front" }, { [network]: { Aliases: ["shop.local"] } });
  }

  async runs(name: string, body: object, networks: Record<string, object> = { street: {} }): Promise<string> {
    const [first = "bridge"] = Object.keys(networks);
    const HostConfig = { NetworkMode: first, ...("HostConfig" in body ? (body.HostConfig as object) : {}) };
    const wanted = { Image: "busybox", NetworkingConfig: { EndpointsConfig: networks }, ...body, HostConfig };
    const { json } = await this.docker.asks(`POST ${V}/containers/create?name=${name}`, wanted);
    expect((await this.docker.asks(`POST ${V}/containers/${name}/start`)).status).toBe(204);
    return json.Id;
  }

  async says(script: string, networks?: Record<string, object>, body: object = {}): Promise<[string, number]> {
    const id = await this.runs("box", { ...body, Cmd: ["sh", "-c", script] }, networks);
    await this.docker.passes(3000, 500);
    const { json } = await this.docker.asks(`GET ${V}/containers/${id}/json`);
    const said = await this.docker.readsLogs(id);
    await this.docker.asks(`DELETE ${V}/containers/${id}`);
    expect(this.docker.faults).toEqual([]);
    expect(json.State.Status).toBe("exited");
    return [said, json.State.ExitCode];
  }
}

const ASKED: readonly (readonly [script: string, said: string, status: number])[] = [
  ["wget -qO- http://web/", "open\n", 0],
  ["wget -qO- shop.local", "open\n", 0],
  ["wget -qO- http://front:80/", "open\n", 0],
  ["wget -qO- http://172.18.0.2/moved", "open\n", 0],
  ["wget -qO- http://web/none", "wget: server returned error: HTTP/1.1 404 Not Found\n", 1],
  ["wget -qO- http://web:81/", "wget: can't connect to remote host (172.18.0.2): Connection refused\n", 1],
  ["wget -qO- http://nobody:81/", "wget: bad address 'nobody:81'\n", 1],
  ["wget -qO- http://10.9.8.7/", "wget: can't connect to remote host (10.9.8.7): No route to host\n", 1],
  ["wget http://web/ -O /page -q && cat /page; wget -q --spider web && echo there", "open\nthere\n", 0],
  [
    "wget -O- http://web:80/",
    `Connecting to web (172.18.0.2:80)\nwriting to stdout\nopen\n-                    100% |${"*".repeat(32)}|     5  0:00:00 ETA\nwritten to stdout\n`,
    0,
  ],
  ["cd /tmp; wget -q web/; cat index.html; wget -q web/", "open\nwget: can't open 'index.html': File exists\n", 1],
  ["wget -qS -O /dev/null web", "  HTTP/1.1 200 OK\n  Content-Type: text/plain\n  Content-Length: 5\n  \n", 0],
  ["echo hi | nc web 7", "hi\n", 0],
  ["nc web 25 < /dev/null", "220 hello\n", 0],
  ["nc -z web 7; echo $?; nc -z web 8", "0\nnc: can't connect to remote host (172.18.0.2): Connection refused\n", 1],
  ["nc -w 1 10.9.8.7 80", "nc: timed out\n", 1],
  ["nc nobody 7", "nc: bad address 'nobody'\n", 1],
  [
    "ping -c1 web",
    "PING web (172.18.0.2): 56 data bytes\n64 bytes from 172.18.0.2: seq=0 ttl=64 time=0.071 ms\n\n--- web ping statistics ---\n1 packets transmitted, 1 packets received, 0% packet loss\nround-trip min/avg/max = 0.071/0.071/0.071 ms\n",
    0,
  ],
  ["ping -c 1 nobody", "ping: bad address 'nobody'\n", 1],
  [
    "ping -q -c 1 -W 1 10.9.8.7",
    "PING 10.9.8.7 (10.9.8.7): 56 data bytes\n\n--- 10.9.8.7 ping statistics ---\n1 packets transmitted, 0 packets received, 100% packet loss\n",
    1,
  ],
  [
    "nslookup web",
    "Server:\t\t127.0.0.11\nAddress:\t127.0.0.11:53\n\nNon-authoritative answer:\nName:\tweb\nAddress: 172.18.0.2\n\nNon-authoritative answer:\n\n",
    0,
  ],
  ["nslookup localhost | tail -n 2", "** server can't find localhost: NXDOMAIN\n\n", 0],
  [
    "hostname -i; tail -n 1 /etc/hosts | cut -f 1; cat /etc/resolv.conf",
    "172.18.0.3\n172.18.0.3\nnameserver 127.0.0.11\noptions ndots:0\n",
    0,
  ],
];

test.each(ASKED)("in a network of their own: %s", async (script, said, status) => {
  const street = new Street();
  await street.opens();
  expect(await street.says(script)).toEqual([said, status]);
});

test("a host name has one address, in whatever many networks", async () => {
  const { docker } = new Street();
  for (const Name of ["street", "lane"]) await docker.asks(`POST ${V}/networks/create`, { Name });
  const body = { Image: "busybox", Cmd: ["hostname", "-i"], HostConfig: { NetworkMode: "street" } };
  await docker.asks(`POST ${V}/containers/create?name=box`, body);
  await docker.asks(`POST ${V}/networks/lane/connect`, { Container: "box" });
  await docker.asks(`POST ${V}/containers/box/start`);
  await docker.asks(`POST ${V}/containers/box/wait`);
  expect(await docker.readsLogs("box")).toBe("172.18.0.2\n");
});

describe("on the bridge", () => {
  test("nobody has a name, but an address", async () => {
    const street = new Street();
    await street.runs("web", { Image: "shop" }, { bridge: {} });
    expect(await street.says("wget -qO- web", { bridge: {} })).toEqual(["wget: bad address 'web'\n", 1]);
    expect(await street.says("wget -qO- 172.17.0.2", { bridge: {} })).toEqual(["open\n", 0]);
  });

  test("who is linked has one, and variables tell of him", async () => {
    const street = new Street();
    await street.runs("web", { Image: "shop", Env: ["A=1"], Hostname: "front" }, { bridge: {} });
    const body = { HostConfig: { Links: ["web:the-shop"] } };
    const hosts = "wget -qO- the-shop; nc -z web 80 && grep shop /etc/hosts; env | grep ^THE_SHOP | sort";
    const [said] = await street.says(hosts, { bridge: {} }, body);
    expect(said.split("\n")).toEqual([
      "open",
      "172.17.0.2\tthe-shop front web",
      "THE_SHOP_ENV_A=1",
      "THE_SHOP_NAME=/box/the-shop",
      "THE_SHOP_PORT=tcp://172.17.0.2:7",
      ...["25", "7", "80"].flatMap((port) => [
        `THE_SHOP_PORT_${port}_TCP=tcp://172.17.0.2:${port}`,
        `THE_SHOP_PORT_${port}_TCP_ADDR=172.17.0.2`,
        `THE_SHOP_PORT_${port}_TCP_PORT=${port}`,
        `THE_SHOP_PORT_${port}_TCP_PROTO=tcp`,
      ]),
      "",
    ]);
  });
});

test("a link is remembered by both names, listed among the names of whom it leads to, and refused to who is not there, elsewhere, or stopped", async () => {
  const street = new Street();
  await street.opens();
  await street.runs("db", { Image: "shop" }, { bridge: {} });
  const { docker } = street;
  const linked = async (name: string, link: string): Promise<[number, string]> => {
    const body = { Image: "busybox", HostConfig: { Links: [link] } };
    const created = await docker.asks(`POST ${V}/containers/create?name=${name}`, body);
    if (created.status !== 201) return [created.status, created.json.message];
    const { status, json } = await docker.asks(`POST ${V}/containers/${name}/start`);
    return [status, json?.message];
  };
  expect(await linked("one", "nobody:a")).toEqual([
    400,
    "could not get container for nobody: No such container: nobody",
  ]);
  const elsewhere = "Cannot link to /web, as it does not belong to the default network";
  expect(await linked("two", "web:a")).toEqual([500, elsewhere]);
  expect(await linked("three", "db:a")).toEqual([204, undefined]);
  await docker.asks(`POST ${V}/containers/db/kill`);
  expect(await linked("four", "db:a")).toEqual([500, "Cannot link to a non running container: /db AS /four/a"]);
  const { json } = await docker.asks(`GET ${V}/containers/three/json`);
  expect(json.HostConfig.Links).toEqual(["/db:/three/a"]);
  const list = await docker.asks(`GET ${V}/containers/json?all=1`);
  expect(list.json.map(({ Names }: { Names: string[] }) => Names)).toEqual([
    ["/four"],
    ["/three"],
    ["/two"],
    ["/db", "/four/a", "/three/a"],
    ["/two/a", "/web"],
  ]);
});

test("networks do not reach each other, until one is connected to both", async () => {
  const street = new Street();
  await street.opens();
  await street.docker.asks(`POST ${V}/networks/create`, { Name: "court" });
  expect(await street.says("wget -qO- web", { court: {} })).toEqual(["wget: bad address 'web'\n", 1]);
  expect(await street.says("ping -qc1 -W1 172.18.0.2 > /dev/null", { court: {} })).toEqual(["", 1]);
  await street.docker.asks(`POST ${V}/networks/court/connect`, { Container: "web" });
  expect(await street.says("wget -qO- web", { court: {} })).toEqual(["open\n", 0]);
});

test("a name may be a link in a network", async () => {
  const street = new Street();
  await street.opens();
  expect(await street.says("wget -qO- http://store/", { street: { Links: ["web:store"] } })).toEqual(["open\n", 0]);
});

test("pages of the web are found, but not from an internal network", async () => {
  const street = new Street({ pages: { "http://tide.example/x.txt": "low\n", "http://tide.example:81/y": "high\n" } });
  await street.opens();
  expect(await street.says("wget -qO- tide.example/x.txt; wget -qO- tide.example:81/y")).toEqual(["low\nhigh\n", 0]);
  const none = "wget: server returned error: HTTP/1.1 404 Not Found\n";
  expect(await street.says("wget -qO- tide.example/none")).toEqual([none, 1]);
  await street.docker.asks(`POST ${V}/networks/create`, { Name: "yard", Internal: true });
  const bad = "wget: bad address 'tide.example'\n";
  expect(await street.says("wget -qO- tide.example/x.txt", { yard: {} })).toEqual([bad, 1]);
});

test("who does not run is not found", async () => {
  const street = new Street();
  await street.opens();
  await street.docker.asks(`POST ${V}/containers/web/kill`);
  expect(await street.says("nc -z web 80")).toEqual(["nc: bad address 'web'\n", 1]);
});

test("what is published is found at the gateway, and in the host's own network", async () => {
  const street = new Street();
  await street.opens();
  const PortBindings = { "80/tcp": [{ HostPort: "8080" }] };
  await street.runs("open", { Image: "shop", HostConfig: { PortBindings } }, { bridge: {} });
  expect(await street.says("wget -qO- 172.18.0.1:8080")).toEqual(["open\n", 0]);
  expect(await street.says("wget -qO- http://localhost:8080", { host: {} })).toEqual(["open\n", 0]);
  const host = { HostConfig: { ExtraHosts: ["host.docker.internal:host-gateway"] } };
  const [said] = await street.says("wget -qO- host.docker.internal:8080", { bridge: {} }, host);
  expect(said).toBe("open\n");
});

describe("a process that listens", () => {
  test("is talked to from another container", async () => {
    const street = new Street();
    await street.opens();
    const id = await street.runs("ear", { Cmd: ["sh", "-c", "echo welcome | nc -l -p 1234 > /heard; cat /heard"] });
    expect(await street.says("echo hello | nc ear 1234")).toEqual(["welcome\n", 0]);
    expect(await street.docker.readsLogs(id)).toBe("hello\n");
    expect(await street.says("nc -z ear 1234")).toEqual(["nc: bad address 'ear'\n", 1]);
  });

  test("runs a program for whoever comes", async () => {
    const street = new Street();
    await street.opens();
    await street.runs("ear", { Cmd: ["nc", "-ll", "-p", "99", "-e", "tr", "a-z", "A-Z"] });
    expect(await street.says("echo one | nc ear 99; echo two | nc ear 99")).toEqual(["ONE\nTWO\n", 0]);
  });

  test("is there for its own container, and for who shares its network", async () => {
    const street = new Street();
    await street.opens();
    const script = "nc -l -p 99 < /etc/hostname & nc localhost 99 < /dev/null; nc -l -p 98 & wait";
    await street.runs("ear", { Hostname: "me", Cmd: ["sh", "-c", script] });
    expect(await street.docker.readsLogs("ear")).toBe("me\n");
    expect(await street.says("echo shared | nc 127.0.0.1 98", { "container:ear": {} })).toEqual(["", 0]);
    expect(await street.docker.readsLogs("ear")).toBe("me\nshared\n");
  });

  test("is cut off when its container is killed", async () => {
    const street = new Street();
    await street.opens();
    await street.runs("ear", { Cmd: ["sh", "-c", "sleep 600 | nc -l -p 99"] });
    const id = await street.runs("mouth", { Cmd: ["sh", "-c", "nc ear 99; echo over"], OpenStdin: true });
    expect(await street.docker.readsLogs(id)).toBe("");
    await street.docker.asks(`POST ${V}/containers/ear/kill`);
    expect(await street.docker.readsLogs(id)).toBe("over\n");
    expect(street.docker.faults).toEqual([]);
  });

  test("has its port for itself", async () => {
    const street = new Street();
    await street.opens();
    expect(await street.says("nc -l -p 9 & nc -l -p 9; echo $?; kill $!")).toEqual([
      "nc: bind: Address already in use\n1\n",
      0,
    ]);
  });
});
