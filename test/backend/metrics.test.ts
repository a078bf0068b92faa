import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { types } from 'mediasoup';
import type { Config } from '../../backend/config.ts';
import { Traffic } from '../../backend/media/traffic.ts';
import { Metrics } from '../../backend/metrics.ts';
import type { Server } from '../../backend/server.ts';
import { People, refused, startServer } from './backend.ts';
import { until } from './until.ts';

async function backend(t: TestContext, settings: Partial<Config> = {}) {
  const server = await startServer(settings);
  const people = new People(t, server);
  t.after(() => server.close());
  return { server, people, scrape: () => scrape(server) };
}

/** The samples by name and labels, as they stand in the text. */
async function scrape({ metricsUrl }: Server): Promise<(sample: string) => number | undefined> {
  const response = await fetch(metricsUrl);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const samples = new Map(lines.map((line) => /^(.*) (\S+)$/.exec(line)!.slice(1) as [string, string]));
  return (sample) => (samples.has(sample) ? Number(samples.get(sample)) : undefined);
}

test('what there is just now is counted, and gone when it is gone', async (t) => {
  const { people, scrape } = await backend(t);
  const alice = await people.join('room', 'Alice');
  const bob = await people.join('room', 'Bob');
  await alice.publish('room');
  await bob.publish('room', 'abcd', { kind: 'screen' });
  await alice.hears('published');
  await alice.request('play', { room: 'room', streams: ['room-Bob-abcd'] });
  const during = await scrape();
  assert.deepEqual(
    {
      rooms: during('wcs_rooms'),
      participants: during('wcs_participants'),
      cameras: during('wcs_streams{kind="camera"}'),
      screens: during('wcs_streams{kind="screen"}'),
      sessions: during('wcs_sessions'),
      sockets: during('wcs_sockets'),
      transports: during('wcs_media_objects{type="transport"}'),
      producers: during('wcs_media_objects{type="producer"}'),
      consumers: during('wcs_media_objects{type="consumer"}'),
      workers: during('wcs_workers'),
      draining: during('wcs_draining'),
    },
    {
      ...{ rooms: 1, participants: 2, cameras: 1, screens: 1, sessions: 2, sockets: 2 },
      ...{ transports: 4, producers: 4, consumers: 2, workers: 1, draining: 0 },
    },
  );
  await alice.close();
  await bob.close();
  await until('they are gone', async () => (await scrape())('wcs_sockets') === 0);
  const after = await scrape();
  for (const name of ['wcs_rooms', 'wcs_participants', 'wcs_streams{kind="camera"}', 'wcs_sessions'])
    assert.equal(after(name), 0, name);
});

test('what happens is counted: joins, requests and how long they take, refusals by code, reconnects', async (t) => {
  const { people, scrape } = await backend(t);
  const alice = await people.join('room', 'Alice');
  const bob = await people.connect('Bob');
  await refused(bob.request('leave', { room: 'room' }), 'not_joined');
  await bob.join('room');
  alice.cut();
  await bob.hears('reconnecting');
  await people.connect('Alice', alice.session);
  const stranger = await people.socket();
  stranger.send('nonsense');
  await stranger.closed;
  const samples = await scrape();
  assert.equal(samples('wcs_joins_total'), 2);
  assert.equal(samples('wcs_reconnects_total'), 1);
  assert.equal(samples('wcs_request_duration_seconds_count{method="join"}'), 2);
  assert.equal(samples('wcs_request_duration_seconds_count{method="leave"}'), 1);
  assert.equal(samples('wcs_request_duration_seconds_bucket{le="+Inf",method="connect"}'), 3);
  assert.ok(samples('wcs_request_duration_seconds_sum{method="join"}')! > 0);
  assert.equal(samples('wcs_errors_total{code="not_joined"}'), 1);
  assert.equal(samples('wcs_errors_total{code="bad_frame"}'), 1);
});

test('this process, its workers and its HTTP answers are measured', async (t) => {
  const { server, scrape } = await backend(t);
  await fetch(`${server.url}/healthz`);
  await fetch(`${server.url}/nowhere`);
  const samples = await scrape();
  assert.equal(samples('wcs_http_requests_total{method="GET",status="200"}'), 1);
  assert.equal(samples('wcs_http_requests_total{method="GET",status="404"}'), 1);
  assert.ok(samples('wcs_worker_cpu_seconds_total{worker="0",mode="user"}')! > 0);
  assert.ok(samples('wcs_worker_resident_memory_max_bytes{worker="0"}')! > 1024 * 1024);
  assert.ok(samples('process_cpu_seconds_total')! > 0);
  assert.ok(samples('nodejs_eventloop_lag_p99_seconds')! >= 0);
});

test('a worker that died is counted', async (t) => {
  const { server, scrape } = await backend(t);
  const [pid] = server.workerPids;
  process.kill(pid!, 'SIGKILL');
  await until('it is replaced', async () => server.workerPids.length === 1 && server.workerPids[0] !== pid);
  const samples = await scrape();
  assert.equal(samples('wcs_worker_deaths_total'), 1);
  assert.equal(samples('wcs_workers'), 1);
});

test('a name of a room or of a person is in no sample', async (t) => {
  const { server, people } = await backend(t);
  await (await people.join('secret-room', 'Somebody')).publish('secret-room');
  const text = await (await fetch(server.metricsUrl)).text();
  assert.match(text, /wcs_rooms 1/);
  assert.doesNotMatch(text, /secret-room|Somebody/);
});

test('on the main port metrics are for this machine, and for others by the token', async (t) => {
  const token = 'a-token-of-enough-length';
  const { server } = await backend(t, { admin_token: token, records_access: 'everyone' });
  const status = async (headers: Record<string, string>) => (await fetch(server.metricsUrl, { headers })).status;
  const elsewhere = { 'X-Forwarded-For': '192.0.2.7' };
  assert.equal(await status({}), 200);
  assert.equal(await status(elsewhere), 401);
  assert.equal(await status({ ...elsewhere, Authorization: `Bearer ${token}` }), 200);
});

test('on a port of their own metrics are the only thing there is, and not on the main port any more', async (t) => {
  const { server, scrape } = await backend(t, { metrics_port: 0 });
  assert.notEqual(new URL(server.metricsUrl).port, String(server.port));
  assert.equal((await scrape())('wcs_workers'), 1);
  assert.equal((await fetch(new URL('/', server.metricsUrl))).status, 404);
  assert.equal((await fetch(`${server.url}/metrics`)).status, 404);
  await server.close();
  await assert.rejects(fetch(server.metricsUrl));
});

/** A transport that answers what it is told to, and notes how often it was asked. */
function fakeTransport() {
  const observer = new EventEmitter();
  const stats = { bytesReceived: 0, bytesSent: 0, rtpPacketLossSent: 0 };
  const transport = { type: 'webrtc', observer, asked: 0, getStats: () => ((transport.asked += 1), [stats]) };
  return { transport, stats, observer, as: { ...transport, getStats: async () => transport.getStats() } };
}

function fakeProducer(lost: { packetsLost: number }) {
  return { observer: new EventEmitter(), getStats: async () => [lost] };
}

test('bytes and losses are summed up over transports that come and go', async () => {
  const traffic = new Traffic();
  const [one, two] = [fakeTransport(), fakeTransport()];
  for (const { as } of [one, two]) traffic.watch(as as unknown as types.Transport);
  const lost = { packetsLost: 3 };
  one.observer.emit('newproducer', fakeProducer(lost));
  Object.assign(one.stats, { bytesReceived: 100, bytesSent: 10, rtpPacketLossSent: 0.5 });
  Object.assign(two.stats, { bytesSent: 1000 });
  assert.deepEqual(await traffic.look(), { receivedBytes: 100, sentBytes: 1010, lostPackets: 3, sentLoss: 0.25 });
  Object.assign(one.stats, { bytesReceived: 150 });
  // A packet thought lost has come after all.
  lost.packetsLost = 2;
  assert.deepEqual(await traffic.look(), { receivedBytes: 150, sentBytes: 1010, lostPackets: 3, sentLoss: 0.25 });
  one.observer.emit('close');
  Object.assign(two.stats, { bytesSent: 1500 });
  assert.deepEqual(await traffic.look(), { receivedBytes: 150, sentBytes: 1510, lostPackets: 3, sentLoss: 0 });
  assert.equal(one.transport.asked, 2);
});

test('with very many transports one look asks only some, and the next ones the others', async () => {
  const traffic = new Traffic();
  const all = Array.from({ length: 2_500 }, fakeTransport);
  for (const { as, stats } of all) {
    stats.bytesSent = 1;
    traffic.watch(as as unknown as types.Transport);
  }
  const seen = [];
  for (let look = 0; look < 3; look += 1) seen.push((await traffic.look()).sentBytes);
  assert.deepEqual(seen, [1_000, 2_000, 2_500]);
  assert.ok(all.every(({ transport }) => transport.asked >= 1 && transport.asked <= 2));
});

test('a question that somebody else asks already is asked once', async () => {
  const traffic = new Traffic();
  const { transport, as } = fakeTransport();
  traffic.watch(as as unknown as types.Transport);
  await Promise.all([traffic.look(), traffic.look()]);
  assert.equal(transport.asked, 1);
});

test('names and labels follow the conventions of Prometheus, and each metric says what it is', () => {
  for (const { name, type, help, labels } of new Metrics().describe()) {
    assert.match(name, /^wcs_[a-z_]+$/);
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    assert.ok(help.length > 15, name);
    for (const label of labels) assert.match(label, /^[a-z]+$/);
  }
});

test('the Grafana dashboard asks only for metrics that there are, and shows each of ours', async (t) => {
  const { server } = await backend(t);
  const text = await (await fetch(server.metricsUrl)).text();
  const served = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!]));
  const file = join(import.meta.dirname, '../../deploy/grafana-dashboard.json');
  const { panels } = JSON.parse(readFileSync(file, 'utf8')) as { panels: { targets: { expr: string }[] }[] };
  const asked = panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => expr.match(/\b(?:wcs|process|nodejs)_\w+/g)),
  );
  const names = asked.map((name) => name!.replace(/_(?:bucket|sum|count)$/, ''));
  assert.ok(names.length > 20);
  for (const name of names) assert.ok(served.has(name), name);
  for (const { name } of new Metrics().describe()) assert.ok(names.includes(name), `${name} is on no panel`);
});
