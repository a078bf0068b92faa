import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from '../protocol/errors.ts';
import type { Method } from '../protocol/messages.ts';
import type { StreamKind } from '../protocol/model.ts';

/** Seconds: answers come within a millisecond, those for which a worker has to work within some. */
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** People and their streams just now. */
export interface Census {
  sockets: number;
  sessions: number;
  rooms: number;
  participants: number;
  streams: Record<StreamKind, number>;
}

/** What exists in the workers, as mediasoup itself reports it. */
export type MediaCounts = Record<'routers' | 'transports' | 'producers' | 'consumers', number>;

/** One worker since it was started; it starts from 0 again when it has been replaced. */
export interface WorkerUsage {
  worker: number;
  userSeconds: number;
  systemSeconds: number;
  /** Of memory, at its peak. */
  residentBytes: number;
}

/** What browsers have sent and been sent since the start, as far as it was looked at. */
export interface TrafficTotals {
  receivedBytes: number;
  sentBytes: number;
  /** Packets that never came from browsers. */
  lostPackets: number;
  /** 0 to 1: how much of what is sent to browsers just now does not arrive, by their own reports, on average. */
  sentLoss: number;
}

/** Rooms that are being recorded, and recordings that wait, are being worked up, and those of them that are being mixed. */
export type RecordingCounts = Record<'recording' | 'waiting' | 'working' | 'mixing', number>;

/** Of a backend that does not record. */
const NOT_RECORDING: RecordingCounts = { recording: 0, waiting: 0, working: 0, mixing: 0 };

/** Where the state of things is asked at each scrape. */
export interface MetricSources {
  census: () => Census;
  media: () => MediaCounts;
  /** Workers that have died since the start. */
  workerDeaths: () => number;
  workers: () => Promise<WorkerUsage[]>;
  traffic: () => Promise<TrafficTotals>;
  recordings: () => RecordingCounts | undefined;
  draining: () => boolean;
}

interface Described {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
}

/**
 * What is counted, in the text format of Prometheus (version 0.0.4). What happens is counted as it happens; what there is
 * is asked when somebody scrapes. No label has names of rooms or people: their number would be without bound.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #described: Described[] = [];
  #sources: MetricSources | undefined;

  readonly requestSeconds = this.#histogram(
    'wcs_request_duration_seconds',
    'Time from the start of work on a request of the protocol to its answer; its count is the number of requests',
    ['method'],
  );
  readonly #errors = this.#counter(
    'wcs_errors_total',
    'Refusals, violations and failures that were answered, over the socket and over HTTP, by their code in the protocol',
    ['code'],
  );
  readonly httpRequests = this.#counter('wcs_http_requests_total', 'HTTP requests answered', ['method', 'status']);
  readonly joins = this.#counter('wcs_joins_total', 'Participants that have entered a room');
  readonly reconnects = this.#counter('wcs_reconnects_total', 'Sessions resumed after their connection was lost');
  readonly #finished = this.#counter(
    'wcs_recordings_finished_total',
    'Recordings that have been worked up or could not be',
    ['state'],
  );

  readonly #rooms = this.#gauge('wcs_rooms', 'Rooms that there are');
  readonly #participants = this.#gauge('wcs_participants', 'Participants in all rooms, with those being reconnected');
  readonly #streams = this.#gauge('wcs_streams', 'Streams that are published', ['kind']);
  readonly #sessions = this.#gauge('wcs_sessions', 'Sessions, with those whose connection is lost for the moment');
  readonly #sockets = this.#gauge('wcs_sockets', 'Open sockets of signaling');
  readonly #draining = this.#gauge('wcs_draining', '1 while no new rooms are taken because the backend goes down');

  readonly #mediaObjects = this.#gauge(
    'wcs_media_objects',
    'What exists in the media workers: router, transport, producer (a track received), consumer (a track sent)',
    ['type'],
  );
  readonly #bytes = this.#counter(
    'wcs_media_bytes_total',
    'Bytes of media received from browsers (in) and sent to them (out); what a transport carried after it was last looked at is not counted',
    ['direction'],
  );
  readonly #lost = this.#counter('wcs_media_packets_lost_total', 'Packets of media that never came from browsers');
  readonly #sentLoss = this.#gauge(
    'wcs_media_sent_loss_ratio',
    'How much of what is sent to browsers is lost on the way, 0 to 1, on average over their transports',
  );

  readonly #workers = this.#gauge('wcs_workers', 'Media workers that are up');
  readonly #workerDeaths = this.#counter('wcs_worker_deaths_total', 'Media workers that have died and were replaced');
  readonly #workerCpu = this.#counter('wcs_worker_cpu_seconds_total', 'Processor time of a media worker', [
    'worker',
    'mode',
  ]);
  readonly #workerMemory = this.#gauge('wcs_worker_resident_memory_max_bytes', 'Memory of a media worker at its peak', [
    'worker',
  ]);

  readonly #recordings = this.#gauge(
    'wcs_recordings',
    'Recordings by what is done with them: recording (a whole room), waiting (the queue), working (being worked up), mixing (those of them that are being mixed)',
    ['state'],
  );

  /** A refusal, violation or failure has been answered. */
  failed(code: ErrorCode): void {
    this.#errors.inc({ code });
  }

  recordingFinished(state: 'done' | 'failed'): void {
    this.#finished.inc({ state });
  }

  /** From now on `sources` are asked at each scrape. */
  observe(sources: MetricSources): void {
    this.#sources = sources;
  }

  /** Starts the clock for a request; call what it returns when it is answered. */
  time(method: Method): () => void {
    return this.requestSeconds.startTimer({ method });
  }

  /** Every metric of ours, in the order of this class. */
  describe(): readonly Described[] {
    return this.#described;
  }

  /** What a scrape is answered. */
  async text(): Promise<string> {
    if (this.#sources) await this.#collect(this.#sources);
    return await Registry.merge([this.#registry, ofProcess()]).metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async #collect(sources: MetricSources): Promise<void> {
    const [traffic, workers] = await Promise.all([sources.traffic(), sources.workers()]);
    const { rooms, participants, streams, sessions, sockets } = sources.census();
    this.#rooms.set(rooms);
    this.#participants.set(participants);
    for (const [kind, count] of Object.entries(streams)) this.#streams.set({ kind }, count);
    this.#sessions.set(sessions);
    this.#sockets.set(sockets);
    this.#draining.set(sources.draining() ? 1 : 0);
    for (const [types, count] of Object.entries(sources.media()))
      this.#mediaObjects.set({ type: types.replace(/s$/, '') }, count);
    this.#collectWorkers(workers, sources.workerDeaths());
    setTotals(this.#bytes, [
      [{ direction: 'in' }, traffic.receivedBytes],
      [{ direction: 'out' }, traffic.sentBytes],
    ]);
    setTotals(this.#lost, [[{}, traffic.lostPackets]]);
    this.#sentLoss.set(traffic.sentLoss);
    for (const [state, count] of Object.entries(sources.recordings() ?? NOT_RECORDING))
      this.#recordings.set({ state }, count);
  }

  #collectWorkers(workers: WorkerUsage[], deaths: number): void {
    this.#workers.set(workers.length);
    setTotals(this.#workerDeaths, [[{}, deaths]]);
    setTotals(
      this.#workerCpu,
      workers.flatMap(({ worker, userSeconds, systemSeconds }) => [
        [{ worker, mode: 'user' }, userSeconds],
        [{ worker, mode: 'system' }, systemSeconds],
      ]),
    );
    this.#workerMemory.reset();
    for (const { worker, residentBytes } of workers) this.#workerMemory.set({ worker }, residentBytes);
  }

  #counter<L extends string>(name: string, help: string, labels: readonly L[] = []): Counter<L> {
    this.#described.push({ name, type: 'counter', help, labels });
    return new Counter({ name, help, labelNames: labels, registers: [this.#registry] });
  }

  #gauge<L extends string>(name: string, help: string, labels: readonly L[] = []): Gauge<L> {
    this.#described.push({ name, type: 'gauge', help, labels });
    return new Gauge({ name, help, labelNames: labels, registers: [this.#registry] });
  }

  #histogram<L extends string>(name: string, help: string, labels: readonly L[]): Histogram<L> {
    this.#described.push({ name, type: 'histogram', help, labels });
    return new Histogram({ name, help, labelNames: labels, buckets: REQUEST_BUCKETS, registers: [this.#registry] });
  }
}

/** A counter that somebody else counts. */
function setTotals<L extends string>(
  counter: Counter<L>,
  totals: [labels: Partial<Record<L, string | number>>, value: number][],
): void {
  counter.reset();
  for (const [labels, value] of totals) counter.inc(labels, value);
}

let processRegistry: Registry | undefined;

/** Processor, memory, event loop delay and garbage collection of this process, however many servers it has. */
function ofProcess(): Registry {
  if (!processRegistry) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
  }
  return processRegistry;
}
