import { encodeGoJson } from "../../../../wire/go-json.ts";
import { badParameter } from "../../../model/api-error.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import type { Container } from "../../../model/container.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import { formatRfc3339Nano, NEVER } from "../../../model/go-time.ts";
import type { Engine } from "../../../operations/engine.ts";
import { getRuntime } from "../../../runtime/engine-runtime.ts";
import type { ApiRequest } from "../../http/request.ts";
import { jsonResponse, streamResponse } from "../../http/response.ts";
import { downgradeTo, omitMembers, type ResponseDowngrade } from "../../version/downgrade.ts";
import type { Endpoint } from "../endpoint.ts";

const INTERVAL_MS = 1000;

/** Before 1.21 there was one network, without a name (moby daemon/stats_unix.go, api/types/versions/v1p20). */
const DOWNGRADES: readonly ResponseDowngrade[] = [{ since: "1.21", downgrade: keepOneNetwork }];

export const containerStats: Endpoint = {
  operation: "ContainerStats",
  respond: async (request, engine) => {
    const { query } = request;
    const container = engine.containers.find(request.name);
    checkOneShot(request);
    if (query.getFlag("stream", true)) return streamResponse(streamSamples(request, engine, container.id));
    if (query.getFlag("one-shot")) return jsonResponse(takeOneShot(request, engine, container));
    const before = engine.time.now();
    if (getRuntime(engine, container).run !== undefined) await engine.time.sleep(INTERVAL_MS, request.signal);
    return jsonResponse(toVersionedSample(request, engine, engine.containers.get(container.id) ?? container, before));
  },
};

/** @throws ApiError 400 for one sample and a stream at once */
function checkOneShot({ query }: ApiRequest): void {
  if (!query.getFlag("stream", true) || !query.getFlag("one-shot")) return;
  throw badParameter("cannot have stream=true and one-shot=true");
}

/** dockerd 28 omits the names of a running container here. */
function takeOneShot(request: ApiRequest, engine: Engine, container: Container): ApiJson {
  const sample = toVersionedSample(request, engine, container, undefined);
  const hasNames = isOlderEngine(request.release, "28") || getRuntime(engine, container).run === undefined;
  return hasNames ? sample : omitMembers(sample, "name", "id");
}

/** Yields a sample each second until the container is removed or the client leaves, even if it does not run. */
async function* streamSamples(request: ApiRequest, engine: Engine, id: string): AsyncGenerator<Buffer> {
  let before: bigint | undefined;
  for (
    let now = engine.containers.get(id);
    now !== undefined && !request.signal.aborted;
    now = engine.containers.get(id)
  ) {
    yield Buffer.from(`${encodeGoJson(toVersionedSample(request, engine, now, before))}\n`);
    before = engine.time.now();
    await engine.time.sleep(INTERVAL_MS, request.signal);
  }
}

function toVersionedSample(
  request: ApiRequest,
  engine: Engine,
  container: Container,
  before: bigint | undefined,
): ApiJson {
  const newest = takeSample(engine, container, before);
  // moby downgrades only the samples of running containers.
  return getRuntime(engine, container).run === undefined ? newest : downgradeTo(request, newest, DOWNGRADES);
}

function takeSample(engine: Engine, container: Container, before: bigint | undefined): ApiJson {
  const { run } = getRuntime(engine, container);
  const now = engine.time.now();
  const addIdentity = (counts: ApiJson): ApiJson => ({
    read: run === undefined ? NEVER : formatRfc3339Nano(now),
    preread: run === undefined || before === undefined ? NEVER : formatRfc3339Nano(before),
    ...counts,
    name: `/${container.name}`,
    id: container.id,
  });
  if (run === undefined) return addIdentity(NO_STATS);
  const ranNs = now - run.main.startedAt;
  const previousNs = before === undefined ? undefined : before - run.main.startedAt;
  return {
    ...addIdentity({
      pids_stats: { current: run.table.running.length },
      blkio_stats: toBlkioStats([]),
      num_procs: 0,
      storage_stats: {},
      cpu_stats: toCpuStats(ranNs),
      precpu_stats: previousNs === undefined ? NO_CPU : toCpuStats(previousNs),
      memory_stats: toMemoryStats(container, run.table.running.length),
    }),
    networks: { eth0: toNetworkStats(ranNs) },
  };
}

const BLKIO = "io_service_bytes io_serviced io_queue io_service_time io_wait_time io_merged io_time sectors".split(" ");

function toBlkioStats(counts: [] | null): ApiJson {
  return Object.fromEntries(BLKIO.map((name) => [`${name}_recursive`, counts]));
}

const NO_THROTTLING = { periods: 0, throttled_periods: 0, throttled_time: 0 };
const NO_CPU = {
  cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 },
  throttling_data: NO_THROTTLING,
};
const NO_STATS = {
  pids_stats: {},
  blkio_stats: toBlkioStats(null),
  num_procs: 0,
  storage_stats: {},
  cpu_stats: NO_CPU,
  precpu_stats: NO_CPU,
  memory_stats: {},
};

/** The counters of an idle container: a thousandth of one of two processors. */
function toCpuStats(ranNs: bigint): ApiJson {
  const used = 30_000_000 + Math.round(Number(ranNs) / 1000);
  return {
    cpu_usage: {
      total_usage: used,
      percpu_usage: [Math.round(used / 3), used - Math.round(used / 3)],
      usage_in_kernelmode: 10_000_000,
      usage_in_usermode: 10_000_000,
    },
    system_cpu_usage: 3_400_000_000_000 + Number(ranNs) * 2,
    online_cpus: 2,
    throttling_data: NO_THROTTLING,
  };
}

const MEMORY =
  "active_anon active_file cache dirty inactive_anon inactive_file mapped_file pgfault pgmajfault pgpgin pgpgout rss rss_huge unevictable writeback".split(
    " ",
  );
const PAGES: Readonly<Record<string, number>> = {
  active_anon: 4096,
  inactive_anon: 49_152,
  pgfault: 1199,
  pgpgin: 853,
  pgpgout: 840,
  rss: 53_248,
};
const UNLIMITED = 9_223_372_036_854_771_712n;

function toMemoryStats({ hostConfig }: Container, processes: number): ApiJson {
  const counters = MEMORY.map((name) => [name, PAGES[name] ?? 0] as const);
  const total = counters.map(([name, value]) => [`total_${name}`, value] as const);
  const limit = hostConfig.Memory === 0 ? UNLIMITED : hostConfig.Memory;
  const stats = [
    ...counters,
    ...total,
    ["hierarchical_memory_limit", limit] as const,
    ["hierarchical_memsw_limit", limit] as const,
  ];
  return {
    usage: 471_040 * processes,
    max_usage: 4_341_760 * processes,
    stats: Object.fromEntries(stats.sort(([one], [other]) => (one < other ? -1 : 1))),
    limit: hostConfig.Memory === 0 ? 4_294_967_296 : hostConfig.Memory,
  };
}

function toNetworkStats(ranNs: bigint): ApiJson {
  const packets = Math.min(20, 6 + Math.floor(Number(ranNs) / 1e9));
  return {
    rx_bytes: packets * 90,
    rx_packets: packets,
    rx_errors: 0,
    rx_dropped: 0,
    tx_bytes: 0,
    tx_packets: 0,
    tx_errors: 0,
    tx_dropped: 0,
  };
}

function keepOneNetwork(shape: ApiJson): ApiJson {
  return { ...omitMembers(shape, "networks", "name", "id"), network: shape.networks.eth0 };
}
