/** Checks the resource limits of a container (moby daemon/daemon_unix.go, verifyPlatformContainerResources). */
import { badParameter, conflictError } from "../../model/api-error.ts";
import type { ApiJson } from "../../model/api-json.ts";
import type { Container } from "../../model/container.ts";
import type { HostConfig } from "../../model/host-config.ts";
import { CPU_COUNT } from "../../model/machine.ts";

const MIN_MEMORY_BYTES = 6 * 1024 * 1024;
const MIN_PERIOD_US = 1000;
const MAX_PERIOD_US = 1_000_000;
const MAX_OOM_SCORE = 1000;

/** @throws ApiError 400 for a limit out of its range, or limits that contradict each other */
export function checkResources(hostConfig: HostConfig): void {
  checkMemory(hostConfig.Memory);
  checkSwap(hostConfig);
  checkReservation(hostConfig);
  checkCpu(hostConfig);
  if (hostConfig.ShmSize < 0) throw badParameter("SHM size can not be less than 0");
  if (Math.abs(hostConfig.OomScoreAdj) > MAX_OOM_SCORE) {
    throw badParameter(`Invalid value ${hostConfig.OomScoreAdj}, range for oom score adj is [-1000, 1000]`);
  }
}

/**
 * Checks what an update changes against what it leaves (moby container/container_unix.go, UpdateContainer).
 * @throws ApiError 409 if the limit of memory would be above that of memory and swap
 */
export function checkMemoryUpdate(
  { id, hostConfig: { MemorySwap: before } }: Container,
  { Memory = 0, MemorySwap = 0 }: ApiJson,
): void {
  if (Memory === 0 || MemorySwap !== 0 || Memory <= before) return;
  const reason =
    "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time";
  throw conflictError(`Cannot update container ${id}: ${reason}`);
}

/** @throws ApiError 400 below dockerd's minimum. Zero and less mean no limit. */
export function checkMemory(bytes: number): void {
  if (bytes > 0 && bytes < MIN_MEMORY_BYTES) throw badParameter("Minimum memory limit allowed is 6MB");
}

function checkSwap({ Memory, MemorySwap, MemorySwappiness }: HostConfig): void {
  if (Memory > 0 && MemorySwap > 0 && MemorySwap < Memory) {
    throw badParameter("Minimum memoryswap limit should be larger than memory limit, see usage");
  }
  if (Memory === 0 && MemorySwap > 0) {
    throw badParameter("You should always set the Memory limit when using Memoryswap limit, see usage");
  }
  if (MemorySwappiness !== null && (MemorySwappiness < 0 || MemorySwappiness > 100)) {
    throw badParameter(`Invalid value: ${MemorySwappiness}, valid memory swappiness range is 0-100`);
  }
}

function checkReservation({ Memory, MemoryReservation }: HostConfig): void {
  if (MemoryReservation > 0 && MemoryReservation < MIN_MEMORY_BYTES) {
    throw badParameter("Minimum memory reservation allowed is 6MB");
  }
  if (Memory > 0 && MemoryReservation > Memory) {
    throw badParameter("Minimum memory limit can not be less than memory reservation limit, see usage");
  }
}

function checkCpu({ NanoCpus, CpuPeriod, CpuQuota }: HostConfig): void {
  if (NanoCpus < 0 || NanoCpus > CPU_COUNT * 1e9) {
    throw badParameter(`Range of CPUs is from 0.01 to ${CPU_COUNT}.00, as there are only ${CPU_COUNT} CPUs available`);
  }
  if (NanoCpus > 0 && CpuPeriod > 0) {
    throw badParameter("Conflicting options: Nano CPUs and CPU Period cannot both be set");
  }
  if (NanoCpus > 0 && CpuQuota > 0) {
    throw badParameter("Conflicting options: Nano CPUs and CPU Quota cannot both be set");
  }
  if (CpuPeriod !== 0 && (CpuPeriod < MIN_PERIOD_US || CpuPeriod > MAX_PERIOD_US)) {
    throw badParameter("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
  }
  if (CpuQuota > 0 && CpuQuota < MIN_PERIOD_US) {
    throw badParameter("CPU cfs quota can not be less than 1ms (i.e. 1000)");
  }
}
