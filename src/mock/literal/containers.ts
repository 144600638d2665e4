import type { Engine } from "../engine.ts";
import { createContainer } from "../lifecycle/create.ts";
import { stillDiskOf } from "../lifecycle/furnish.ts";
import { startContainer } from "../lifecycle/start.ts";
import { pauseContainer } from "../lifecycle/stop.ts";
import { badParameter } from "../refusal.ts";
import { type Container, type ContainerStatus, ended, withState } from "../state/container.ts";
import type { PortBinding } from "../state/host-config.ts";
import { commandWords, environment, writeFiles } from "./files.ts";
import { exposed, placeImage } from "./images.ts";
import type { ContainerLiteral } from "./literal.ts";

/** Waits until it is told to stop, and then stops at once. */
const IDLE = ["sh", "-c", "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done"];

/** @throws Refusal for what the daemon would not create or start */
export function placeContainer(engine: Engine, literal: ContainerLiteral): Container {
  placeImage(engine, { name: literal.image });
  const { id } = createContainer(engine, literal.name, wantedBy(literal, engine));
  const machine = engine.machines.get(id);
  const created = engine.containers.get(id) as Container;
  if (machine === undefined) return created;
  writeFiles(stillDiskOf(engine, created, machine.files), literal.files);
  for (const line of literal.logs ?? []) {
    if (typeof line === "string") machine.log.write("stdout", Buffer.from(`${line}\n`));
    else machine.log.write("stderr", Buffer.from(`${line.stderr}\n`));
  }
  bringTo(engine, id, literal);
  return engine.containers.get(id) as Container;
}

function wantedBy(literal: ContainerLiteral, engine: Engine): Parameters<typeof createContainer>[2] {
  const {
    image,
    state = "running",
    command,
    env,
    labels = {},
    ports = [],
    volumes = [],
    network,
    tty = false,
  } = literal;
  const bindings = Object.assign({}, ...ports.map(portBinding)) as Record<string, PortBinding[]>;
  const isIdle = command === undefined && state !== "created" && hasNothingToDo(engine, literal);
  const words = command === undefined ? (isIdle ? IDLE : undefined) : commandWords(command);
  return {
    config: {
      Image: image,
      Env: environment(env),
      Labels: labels,
      Tty: tty,
      OpenStdin: tty,
      ExposedPorts: exposed(Object.keys(bindings)),
      ...(words === undefined ? {} : { Cmd: words }),
    },
    hostConfig: {
      Binds: volumes.length === 0 ? null : volumes,
      PortBindings: bindings,
      RestartPolicy: restartPolicy(literal.restart),
      ...(network === undefined ? {} : { NetworkMode: network }),
    },
    endpoints: {},
  };
}

/** Neither an image's entrypoint nor a behaviour says what it runs. */
function hasNothingToDo({ images, behaviours }: Engine, { name, image }: ContainerLiteral): boolean {
  const { Entrypoint, Cmd } = images.find(image).config;
  return Entrypoint === null && behaviours.mainProgram({ image, container: name, argv: Cmd ?? [] }) === undefined;
}

/** `8080:80`, `127.0.0.1:8080:80/tcp`, `80`. */
function portBinding(text: string | number): Record<string, PortBinding[]> {
  const [, ip = "", host = "", port, protocol = "tcp"] =
    /^(?:(?:([\d.]*):)?(\d*):)?(\d+)(?:\/(\w+))?$/.exec(String(text)) ?? [];
  if (port === undefined) throw badParameter(`a port must be like \`8080:80\`, got \`${text}\``);
  return { [`${port}/${protocol}`]: [{ HostIp: ip, HostPort: host }] };
}

function restartPolicy(text = "no"): { readonly Name: string; readonly MaximumRetryCount: number } {
  const [Name = "", count = "0"] = text.split(":");
  return { Name, MaximumRetryCount: Number(count) };
}

function bringTo(engine: Engine, id: string, { state = "running", exitCode = 0, health }: ContainerLiteral): void {
  if (state === "created") return;
  if (state === "running" || state === "paused") begin(engine, id);
  else remember(engine, id, state, exitCode);
  if (health !== undefined) {
    engine.containers.change(id, (now) => withState(now, { health: { status: health, failingStreak: 0, log: [] } }));
  }
  if (state === "paused") pauseContainer(engine, id);
}

/** As one that has run for a while: it listens to TERM from the start, not only when its shell has come to its trap. */
function begin(engine: Engine, id: string): void {
  const isOpen = startContainer(engine, id);
  if (isOpen === undefined) listen(engine, id);
  else void isOpen.then(() => listen(engine, id), engine.onFault);
}

function listen(engine: Engine, id: string): void {
  const { argv } = engine.containers.get(id) as Container;
  const main = engine.machines.get(id)?.run?.main;
  if (argv.at(-1) === IDLE.at(-1)) main?.onSignal("TERM", () => main.endWith(0));
}

/** A run that is over, and that nobody has seen. */
function remember(engine: Engine, id: string, state: ContainerStatus, exitCode: number): void {
  const startedAt = engine.time.stamp();
  engine.containers.change(id, (now) => ({
    ...ended(withState(now, { startedAt }), exitCode, engine.time.stamp(), state),
  }));
}
