import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Broker } from '../support/start-broker.ts';
import { expectLedgerKept } from './audit.ts';
import { openFaultScene } from './fault-scene.ts';
import { faultSize, sayFigures } from './fault-size.ts';
import { inParallel } from '../../packages/runtime/src/index.ts';
import { chatBody, type PersistentClient } from './persistent-client.ts';
import { until } from './until.ts';

const size = faultSize({
  full: { submits: 1000, apiKills: 5 },
  short: { submits: 120, apiKills: 1 },
});
const SUBMITTERS = 12;
/** The caller hangs up without reading, somewhere between its request and soon after the answer. */
const LONGEST_PATIENCE_MS = 6;

test('a submit whose answer was lost is repeated with its key and never makes a second job', async () => {
  await using scene = await openFaultScene();
  const { ledger, broker, client } = scene;
  const tokens = Array.from({ length: size.submits }, (_, index) => `unknown-${index}`);
  const killAt = new Set(
    Array.from({ length: size.apiKills }, (_, index) =>
      Math.floor(((index + 0.5) * tokens.length) / size.apiKills),
    ),
  );

  let restarting = Promise.resolve();
  let cut = 0;
  await inParallel(tokens, SUBMITTERS, async (token) => {
    const number = tokens.indexOf(token);
    const lost = submitAndHangUp(broker, token, (number * 7) % LONGEST_PATIENCE_MS);
    if (killAt.has(number)) restarting = killApi(broker);
    cut += (await lost) ? 1 : 0;
    // Some repeat at once, while the first request may still be under way.
    if (number % 3 === 0) await restarting;
    await client.submit(token, 'chat');
    if (number % 5 === 0) await client.submit(token, 'chat');
  });
  const report = await expectLedgerKept(ledger, client);
  sayFigures('unknown outcome', { ...report, cut, apiKills: killAt.size });
  // Where none was cut before its answer, nothing was tried.
  expect(cut).toBeGreaterThan(size.submits / 10);
  expect(report).toMatchObject({ accepted: size.submits, calls: size.submits });
  const listed = await until('list of all jobs', 10_000, async () => {
    const ids = await listJobs(client);
    return ids.size >= size.submits ? ids : undefined;
  });
  expect([...listed].toSorted()).toEqual(
    [...new Set(ledger.accepted.map(({ id }) => id))].toSorted(),
  );
}, 300_000);

/** @returns whether the line was cut before an answer came */
async function submitAndHangUp(
  broker: Broker,
  token: string,
  patienceMs: number,
): Promise<boolean> {
  const body = JSON.stringify({
    endpoint: '/v1/chat/completions',
    body: chatBody(token, 'chat'),
  });
  const { hostname, port } = new URL(broker.url);
  const socket = connect(Number(port), hostname);
  let answered = false;
  socket.on('error', () => undefined);
  socket.on('data', () => (answered = true));
  socket.write(
    [
      'POST /v1/jobs HTTP/1.1',
      `host: ${hostname}`,
      `authorization: Bearer ${broker.apiKey}`,
      `idempotency-key: ${token}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
  await sleep(patienceMs);
  socket.destroy();
  return !answered;
}

async function killApi(broker: Broker): Promise<void> {
  const api = broker.services.get('api');
  api?.kill('SIGKILL');
  await api?.ended;
  await broker.startService('api');
}

async function listJobs(client: PersistentClient): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let after = ''; ;) {
    const page = await client.request(`/v1/jobs?limit=100${after}`);
    if (!isPage(page)) throw new Error('the list of jobs is none');
    for (const { id } of page.data) ids.add(id);
    if (page.next_after === undefined) return ids;
    after = `&after=${encodeURIComponent(page.next_after)}`;
  }
}

function isPage(value: unknown): value is { data: { id: string }[]; next_after?: string } {
  return typeof value === 'object' && value !== null && 'data' in value;
}
