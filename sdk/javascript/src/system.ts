import type { Session } from "./session.js";
import type { CallOptions } from "./transport.js";

/** Something that computes. */
export interface Host {
  readonly uuid: string;
  /** What it computes with: `cpu`, or a kind of GPU. */
  readonly type: string;
}

/** What a host is made of; what the machine does not tell is absent. */
export interface Topology {
  /** Model of the CPU. */
  readonly cpuModel?: string;
  /** CPU packages. */
  readonly packages?: number;
  /** Cores of all packages. */
  readonly cores?: number;
  /** Hardware threads of all cores. */
  readonly threads?: number;
  /** Nodes of memory (NUMA). */
  readonly numaNodes?: number;
  /** Memory, in bytes. */
  readonly memoryBytes?: number;
  /** Each hardware thread and its place. */
  readonly cpus?: readonly Cpu[];
}

/** A hardware thread. */
export interface Cpu {
  /** Its number. */
  readonly cpu: number;
  /** The CPU package that it is in. */
  readonly package?: number;
  /** The core that it belongs to, counted within the package. */
  readonly core?: number;
  /** The node of memory that is close to it. */
  readonly numaNode?: number;
}

/** A thread of the server. */
export interface Thread {
  /** Number that the operating system gave it. */
  readonly id: number;
  readonly name: string;
  /** Hardware threads that it may run on, as numbers and ranges: `0-3,8`. */
  readonly cpus: string;
  /** The hardware thread that it ran on last. */
  readonly lastCpu?: number;
  /** Processor time that it has used, in seconds. */
  readonly cpuSeconds?: number;
}

/** The clock of a hardware thread. */
export interface Clock {
  /** Number of the hardware thread. */
  readonly cpu: number;
  readonly mhz: number;
  /** The lowest that it may have, in MHz. */
  readonly minMhz?: number;
  /** The highest that it may have, in MHz. */
  readonly maxMhz?: number;
}

/** The power that a part of the machine takes. A part may be within another. */
export interface Power {
  /** The part, as the machine names it. */
  readonly part: string;
  readonly watts: number;
}

/** A temperature. */
export interface Temperature {
  /** The sensor, as the machine names it. */
  readonly sensor: string;
  /** In degrees Celsius. */
  readonly celsius: number;
}

/** The machine that the server runs on. Readings that it does not offer are `undefined`. */
export class System {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /** All hosts that clusters can live on. */
  async hosts(options: CallOptions = {}): Promise<Host[]> {
    return this.#session.list<Host>("/host/all", {}, options);
  }

  /** What the host is made of. */
  async info(options: CallOptions = {}): Promise<Topology> {
    return (await this.#reading<Topology>("/system_info", "info", options)) ?? {};
  }

  /** The server's threads, and which hardware threads they may run on. */
  async threads(options: CallOptions = {}): Promise<Thread[] | undefined> {
    return this.#reading<Thread[]>("/threading", "threadMap", options);
  }

  /** The clock of each hardware thread. */
  async speed(options: CallOptions = {}): Promise<Clock[] | undefined> {
    return this.#reading<Clock[]>("/speed", "currentSpeed", options);
  }

  /** The power that the parts of the machine take. */
  async power(options: CallOptions = {}): Promise<Power[] | undefined> {
    return this.#reading<Power[]>("/power_consumption", "power", options);
  }

  /** The temperatures at the machine's sensors. */
  async temperature(options: CallOptions = {}): Promise<Temperature[] | undefined> {
    return this.#reading<Temperature[]>("/temperature_production", "temperature", options);
  }

  async #reading<Value>(path: string, field: string, options: CallOptions): Promise<Value | undefined> {
    const answer = await this.#session.get<Record<string, unknown>>(path, {}, options);
    return readings(answer[field]) as Value | undefined;
  }
}

/** A reading without those within it that the machine does not offer. */
function readings(found: unknown): unknown {
  if (found === "not available") {
    return undefined;
  }
  if (Array.isArray(found)) {
    return found.map(readings);
  }
  if (typeof found !== "object" || found === null) {
    return found;
  }
  const entries = Object.entries(found).map(([key, inner]: [string, unknown]) => [key, readings(inner)]);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}
