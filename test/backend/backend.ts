/** A real backend with real workers for the tests of one file. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { loadConfig, type Config } from '../../backend/config.ts';
import { Limits } from '../../backend/limits.ts';
import { createLog, type Log } from '../../backend/log.ts';
import { Metrics } from '../../backend/metrics.ts';
import { createServer, type Server } from '../../backend/server.ts';
import type { Reply } from '../../protocol/messages.ts';
import { Client } from './client.ts';
import { until } from './until.ts';

const DEFAULTS = loadConfig({ argv: [], env: {} });
const TEST_SETTINGS: Partial<Config> = { port: 0, host: '127.0.0.1', rtc_port: 0, workers: 1, record_streams: false };

const NOTHING = { sockets: 0, sessions: 0, rooms: 0, routers: 0, transports: 0, producers: 0, consumers: 0 };

/** What a part of the backend needs of the whole, by the defaults. */
export const byDefault = () => ({ trustProxy: () => false, limits: new Limits(DEFAULTS), metrics: new Metrics() });

/** Starts a backend on free ports; whoever starts it closes it. */
export function startServer(
  settings: Partial<Config> = {},
  log: Log = createLog({ level: 'silent' }),
): Promise<Server> {
  return createServer({ ...DEFAULTS, ...TEST_SETTINGS, ...settings }, log);
}

/** People for one test, who leave at its end; then the backend must be as empty as before. */
export class People {
  readonly #url: string;
  readonly #clients: Client[] = [];

  constructor(t: TestContext, server: Server) {
    this.#url = server.url;
    t.after(async () => {
      await Promise.all(this.#clients.map((client) => client.close()));
      await empty(server);
    });
  }

  /** A socket that has sent nothing yet. */
  async socket(): Promise<Client> {
    return this.#keep(await Client.open(this.#url));
  }

  async connect(login: string, resume?: Reply<'connect'>, token?: string): Promise<Client> {
    return this.#keep(await Client.connect(this.#url, login, resume, token));
  }

  /** Somebody who is in `room`. */
  async join(room: string, login: string): Promise<Client> {
    const client = await this.connect(login);
    await client.join(room);
    return client;
  }

  #keep(client: Client): Client {
    this.#clients.push(client);
    return client;
  }
}

/** Waits until nothing is left: no socket, session, room, and in the workers no router, transport, producer, consumer. */
export async function empty(server: Server): Promise<void> {
  try {
    await until('the backend is empty', () => JSON.stringify(server.snapshot()) === JSON.stringify(NOTHING));
  } catch {
    assert.deepEqual(server.snapshot(), NOTHING);
  }
}

/** Asserts that `promise` is refused with that code, and returns the message. */
export async function refused(promise: Promise<unknown>, code: string): Promise<string> {
  let message = '';
  await assert.rejects(promise, (error: Error & { code?: string }) => {
    assert.equal(error.code, code, error.message);
    message = error.message;
    return true;
  });
  return message;
}
