import type { Argv } from "yargs";
import { readBytes } from "../../io/disk/disk.ts";
import { readBehaviours } from "../../io/disk/read-behaviours.ts";
import { DEFAULT_ENGINE, ENGINE_NAMES, type EngineName } from "../../mock/model/engine-release.ts";
import { type ImageTar, mockDocker } from "../../modes/mock-docker.ts";
import {
  failOnUnusedFaultsFlag,
  faultFlags,
  listenFlag,
  nowFlag,
  portsFlag,
  type SimulationArguments,
  stateFlag,
  toSimulationOptions,
} from "../flags.ts";
import { MockLimits } from "../mock-limits.ts";
import { readCommand, type ServeOptions, serve } from "../session.ts";
import { printWarning } from "../terminal.ts";
import { type TlsArguments, tlsFlags, toTlsOptions } from "../tls-flags.ts";
import type { CliVerb } from "../verb.ts";

interface MockArguments extends TlsArguments, SimulationArguments {
  listen: string | undefined;
  apiCorsHeader: string | undefined;
  engine: EngineName;
  minApi: string;
  ports: boolean;
  hostFiles: boolean;
  behaviours: readonly string[] | undefined;
  image: readonly string[];
  anyImage: boolean;
  failOnUnusedFaults: boolean;
  registry: readonly string[];
}

export const verb: CliVerb<MockArguments> = {
  builder: defineOptions,
  run: (argv, terminal) => runMock(argv, { terminal, command: readCommand(argv as never) }),
};

const OPTIONS = {
  listen: listenFlag,
  state: stateFlag,
  ...faultFlags,
  seed: { ...faultFlags.seed, default: "whalesong" },
  "fail-on-unused-faults": failOnUnusedFaultsFlag,
  now: nowFlag,
  image: {
    type: "string",
    array: true,
    nargs: 1,
    default: [] as string[],
    defaultDescription: "none",
    describe: "Add this image: NAME=FILE, the tar of a root file system or of docker save",
  },
  "any-image": {
    type: "boolean",
    default: false,
    describe: "Let clients pull every name: an unknown image is a busybox",
  },
  registry: {
    type: "string",
    array: true,
    nargs: 1,
    default: [] as string[],
    defaultDescription: "none",
    describe: "Pull from and push to this real registry on this machine: HOST:PORT",
  },
  engine: {
    // Without the type, yargs reads 20.10 as a number.
    type: "string",
    choices: ENGINE_NAMES,
    default: DEFAULT_ENGINE,
    describe: "The release of Docker Engine to resemble",
  },
  "min-api": {
    type: "string",
    default: "1.0",
    describe:
      "Refuse older versions of the API; Engine 20.10 refuses those before 1.12, 28 before 1.24, 29 before 1.44",
  },
  "api-cors-header": { type: "string", describe: "Send CORS headers that allow this origin" },
  behaviours: {
    type: "string",
    array: true,
    requiresArg: true,
    nargs: 1,
    describe: "What images and commands do: a YAML file; may be repeated",
  },
  ports: portsFlag,
  "host-files": {
    type: "boolean",
    default: false,
    describe: "Fill mounted folders with the files of this machine; they are read, and never written",
  },
  ...tlsFlags,
} as const;

function defineOptions(yargs: Argv): Argv {
  return yargs
    .usage("$0 mock [options] [-- COMMAND...]")
    .options(OPTIONS)
    .example("$0 mock -- docker run --rm busybox echo hello", "Run one command against a simulated daemon")
    .example("$0 mock --listen unix:///tmp/m.sock", "Serve all clients that connect there, until Ctrl-C");
}

async function runMock(argv: MockArguments, { terminal, command }: ServeOptions): Promise<number> {
  const { listen, apiCorsHeader, engine, minApi, ports, hostFiles, behaviours = [], anyImage } = argv;
  const limits = new MockLimits();
  const { tls } = toTlsOptions(argv);
  const running = await mockDocker({
    engine,
    minApi,
    answersPorts: ports,
    readsHostFiles: hostFiles,
    behaviours: behaviours.flatMap(readBehaviours),
    ...toSimulationOptions(argv),
    images: readImages(argv.image),
    registry: { hasAnyImage: anyImage },
    realRegistries: argv.registry,
    ...(listen === undefined ? {} : { listen }),
    ...(apiCorsHeader === undefined ? {} : { corsHeader: apiCorsHeader }),
    ...(tls === undefined ? {} : { tls }),
    onFault: (problem) => printWarning(terminal, problem),
    onMissingFeature: limits.addFeature,
    // They are written last.
    onUnusedFaults: () => undefined,
  });
  const { status } = await serve(running, { terminal, command, tls });
  const { unusedFaults } = running;
  terminal.stderr.write(limits.format(running) + unusedFaults.map(formatUnusedFault).join(""));
  return status === 0 && argv.failOnUnusedFaults && unusedFaults.length > 0 ? 1 : status;
}

function formatUnusedFault(fault: string): string {
  return `mock: unused fault: ${fault}\n`;
}

/** @throws EnvironmentError if a file cannot be read */
function readImages(pairs: readonly string[]): ImageTar[] {
  return pairs.map((pair) => {
    const equals = pair.indexOf("=");
    return { name: pair.slice(0, equals), tar: readBytes(pair.slice(equals + 1)) };
  });
}
