/** Somebody who sends what nobody should, and looks whether the answers are still such as the table promises. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { ERRORS } from '../../../protocol/errors.ts';
import { check, encodeRequest } from '../../../protocol/frames.ts';
import { EVENTS, PROTOCOL_VERSION, REQUESTS, type Method, type Reply } from '../../../protocol/messages.ts';
import { almostValid, garbage, valid, type Frame, type Knowledge } from './frames.ts';
import { Random } from './random.ts';

/** Frames of one socket at most: fewer than make a flood. */
const FRAMES_MAX = 40;
/** Of the last request: when it is answered, all before it are. */
const LAST_ID = 999_999;
/** Sessions that are remembered for somebody to come back as them. */
const SESSIONS_MAX = 20;

/** What all attackers share. */
export class Campaign {
  readonly url: string;
  readonly seed: number;
  /** Frames sent so far. */
  sent = 0;
  /** How many requests of each kind were granted. */
  readonly granted = new Map<string, number>();
  /** How many were refused with each code, and how many sockets were closed with each close code. */
  readonly refused = new Map<string, number>();
  readonly closed = new Map<number, number>();
  /** Answers that no frame may ever bring about. */
  readonly wrong: string[] = [];
  readonly sessions: Reply<'connect'>[] = [];
  readonly logins = Array.from({ length: 12 }, (_, index) => `Mallory ${index}`);
  readonly rooms: readonly string[];

  constructor({ url, seed, rooms }: { url: string; seed: number; rooms: readonly string[] }) {
    this.url = `${url.replace('http', 'ws')}/ws`;
    this.seed = seed;
    this.rooms = rooms;
  }
}

/** Opens a socket, sends what `n` and the seed make up, waits until all is answered, and goes in one of several ways. */
export async function attack(campaign: Campaign, n: number): Promise<void> {
  const random = new Random(campaign.seed * 100_003 + n);
  const attacker = new Attacker(campaign, random);
  await attacker.open();
  if (random.chance(0.8)) await attacker.signIn();
  if (random.chance(0.02)) attacker.flood();
  else await attacker.throwFrames();
  await attacker.go();
}

class Attacker {
  readonly #campaign: Campaign;
  readonly #random: Random;
  readonly #socket: WebSocket;
  readonly #closed: Promise<unknown>;
  readonly #asked = new Map<number, Method>();
  readonly #known: Knowledge & Record<'streams' | 'own' | 'transports', string[]>;
  #waiting: { id: number; resolve: () => void } | undefined;
  #lastId = 0;

  constructor(campaign: Campaign, random: Random) {
    this.#campaign = campaign;
    this.#random = random;
    const { logins, rooms } = campaign;
    const who = { login: random.one(logins), logins: [...logins, 'Alice'], rooms, room: random.one(rooms) };
    this.#known = { ...who, streams: [], own: [], transports: [], capabilities: undefined };
    this.#socket = new WebSocket(campaign.url);
    this.#socket.on('message', (data) => this.#take((data as Buffer).toString()));
    this.#socket.on('error', () => undefined);
    this.#closed = new Promise((resolve) => {
      this.#socket.on('close', (code) => {
        campaign.closed.set(code, (campaign.closed.get(code) ?? 0) + 1);
        resolve(code);
      });
    });
  }

  async open(): Promise<void> {
    await once(this.#socket, 'open');
  }

  /** As everybody does, perhaps as somebody who was there before, and mostly into a room. */
  async signIn(): Promise<void> {
    const { sessions } = this.#campaign;
    const before = this.#random.chance(0.3) && sessions.length > 0 ? this.#random.one(sessions) : undefined;
    const resume = before && { session: before.session, key: before.key };
    await this.#ask('connect', { version: PROTOCOL_VERSION, login: this.#known.login, ...(resume ? { resume } : {}) });
    const rtpCapabilities = this.#random.chance(0.8) ? this.#known.capabilities : undefined;
    const { room } = this.#known;
    if (this.#random.chance(0.8)) await this.#ask('join', { room, ...(rtpCapabilities ? { rtpCapabilities } : {}) });
  }

  /** Now and then it waits for answers, and learns from them: most that can be asked is about a stream that is there. */
  async throwFrames(): Promise<void> {
    const count = 1 + this.#random.below(FRAMES_MAX - 5);
    // What is wrong mostly closes the socket: whoever sends nothing of that gets further.
    const isCareful = this.#random.chance(0.3);
    for (let sent = 0; sent < count && this.#socket.readyState === WebSocket.OPEN; sent += 1) {
      if (!isCareful && this.#random.chance(0.04)) {
        this.#send(garbage(this.#random, this.#known));
        return;
      }
      const make = isCareful || this.#random.chance(0.6) ? valid : almostValid;
      const { method, data } = make(this.#random, this.#known);
      this.#request(method, data);
      const teaches = method === 'publish' || method === 'play';
      if (teaches || this.#random.chance(0.1)) await this.#answered();
    }
  }

  flood(): void {
    for (let count = 0; count < 60; count += 1) this.#request('ping', {});
  }

  /** Waits for all answers first, unless the socket is closed for what was sent. */
  async go(): Promise<void> {
    await this.#answered(LAST_ID);
    const how = this.#random.below(4);
    if (how === 0) this.#socket.terminate();
    else this.#socket.close(how === 1 ? 1001 : 1000);
    await this.#closed;
  }

  async #ask(method: Method, data: unknown): Promise<void> {
    this.#request(method, data);
    await this.#answered();
  }

  #answered(id?: number): Promise<unknown> {
    this.#request('ping', {}, id);
    const answered = new Promise<void>((resolve) => {
      this.#waiting = { id: id ?? this.#lastId, resolve };
    });
    return Promise.race([answered, this.#closed]);
  }

  #request(method: Method, data: unknown, id = ++this.#lastId): void {
    this.#asked.set(id, method);
    this.#send(encodeRequest(id, method, data));
  }

  #send(frame: Frame): void {
    this.#campaign.sent += 1;
    this.#socket.send(frame, () => undefined);
  }

  #take(text: string): void {
    try {
      this.#read(JSON.parse(text) as Told);
    } catch (error) {
      this.#campaign.wrong.push(`${String(error)}: ${text.slice(0, 500)}`);
    }
  }

  #read({ id = -1, data, error, event }: Told): void {
    const { granted, refused } = this.#campaign;
    if (event !== undefined) {
      check(EVENTS[event], data);
      if (event === 'published') this.#known.streams.push((data as { stream: { name: string } }).stream.name);
      return;
    }
    const method = this.#asked.get(id);
    if (error) {
      if (error.code === 'internal' || !Object.hasOwn(ERRORS, error.code)) throw new Error(`${method} is answered`);
      refused.set(error.code, (refused.get(error.code) ?? 0) + 1);
    } else if (method) {
      this.#learn(method, check(REQUESTS[method].reply, data));
      granted.set(method, (granted.get(method) ?? 0) + 1);
    }
    if (this.#waiting?.id === id) this.#waiting.resolve();
  }

  #learn(method: Method, reply: unknown): void {
    if (method === 'connect') {
      const session = reply as Reply<'connect'>;
      this.#known.capabilities = session.routerCapabilities;
      this.#campaign.sessions.push(session);
      if (this.#campaign.sessions.length > SESSIONS_MAX) this.#campaign.sessions.shift();
    } else if (method === 'join') {
      const { room, transports } = reply as Reply<'join'>;
      const published = room.participants.flatMap(({ streams }) => streams);
      this.#known.streams.push(...published.map(({ name }) => name));
      this.#known.transports.push(transports.send.id, transports.receive.id);
    } else if (method === 'renewTransports') {
      const { transports } = reply as Reply<'renewTransports'>;
      this.#known.transports.push(transports.send.id, transports.receive.id);
    } else if (method === 'publish') {
      this.#known.own.push((reply as Reply<'publish'>).stream.name);
    } else if (method === 'play') {
      const { streams } = reply as Reply<'play'>;
      this.#known.own.push(...streams.filter(({ ok }) => ok).map(({ stream }) => stream));
    }
  }
}

interface Told {
  id?: number;
  data?: unknown;
  error?: { code: string };
  event?: keyof typeof EVENTS;
}
