/** The machine's readings, taken again and again. */

import type { Clock, Hanami, Host, Power, Temperature, Thread, Topology } from "hanami-sdk";

import { added, type Reading } from "./history.js";
import { fetchMetrics } from "./metrics.js";

/** What is found at one moment. */
interface Found {
  readonly metrics: ReadonlyMap<string, number>;
  readonly threads: readonly Thread[] | undefined;
  readonly clocks: readonly Clock[] | undefined;
  readonly power: readonly Power[] | undefined;
  readonly temperatures: readonly Temperature[] | undefined;
}

export class Readings {
  #found = $state.raw<Found | undefined>();
  #history = $state.raw<readonly Reading[]>([]);
  #topology = $state.raw<Topology>({});
  #hosts = $state.raw<readonly Host[]>([]);

  get found(): Found | undefined {
    return this.#found;
  }

  get history(): readonly Reading[] {
    return this.#history;
  }

  get topology(): Topology {
    return this.#topology;
  }

  get hosts(): readonly Host[] {
    return this.#hosts;
  }

  /** Takes readings once more. */
  async take({ system }: Hanami, signal: AbortSignal): Promise<void> {
    if (this.#found === undefined) {
      [this.#topology, this.#hosts] = await Promise.all([system.info({ signal }), system.hosts({ signal })]);
    }
    const [metrics, threads, clocks, power, temperatures] = await Promise.all([
      fetchMetrics(signal),
      system.threads({ signal }),
      system.speed({ signal }),
      system.power({ signal }),
      system.temperature({ signal }),
    ]);
    this.#found = { metrics, threads, clocks, power, temperatures };
    this.#history = added(this.#history, {
      at: performance.now() / 1000,
      cpuSeconds: metrics.get("process_cpu_seconds_total"),
      memory: metrics.get("process_resident_memory_bytes"),
      coresBusy: metrics.get("hanami_host_cores_busy"),
      watts: power === undefined ? undefined : total(power),
      celsius:
        temperatures === undefined ? undefined : Math.max(...temperatures.map(({ celsius }) => celsius)),
      mhz: clocks === undefined ? undefined : mean(clocks.map(({ mhz }) => mhz)),
    });
  }
}

/** The power of all parts that are not within another one, whose names begin with that one's. */
function total(parts: readonly Power[]): number {
  const names = parts.map(({ part }) => part);
  const outer = parts.filter(({ part }) => !names.some((name) => part.startsWith(`${name} `)));
  return outer.reduce((sum, { watts }) => sum + watts, 0);
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
