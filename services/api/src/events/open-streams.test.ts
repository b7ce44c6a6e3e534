import { text } from 'node:stream/consumers';
import { createLogger } from '@understudy/runtime';
import { expect, test, vi } from 'vitest';
import type { FoundKey } from '../keys/stored-key.ts';
import { STREAM_LIMITS, createOpenStreams } from './open-streams.ts';
import type { Followed, Glance } from './event-frames.ts';

const logger = createLogger('test', 'silent');
const NOW = Date.parse('2026-11-22T09:00:00Z');
const clock = { now: () => NOW };
const FOREVER = new AbortController().signal;
const isGood = async (): Promise<boolean> => true;

const keyOf = (project: string): FoundKey => ({
  v: 1,
  id: `key_of_${project}`,
  selector: project,
  verifier: '',
  project,
  scopes: ['read'],
  source: 'api',
  created_at: 0,
});
const ACME = keyOf('acme');
const event = (id: string) => ({ id, type: 'job.completed', data: `{"n":"${id}"}` });

/** Finds what it is given, look by look, and then nothing more. */
function found(...glances: (Glance | Error)[]): Followed & { stopped: () => boolean } {
  let stopped = false;
  return {
    look: async () => {
      const next = glances.shift() ?? { events: [] };
      if (next instanceof Error) throw next;
      return next;
    },
    stop: () => (stopped = true),
    stopped: () => stopped,
  };
}

test('what is found is written as events, page after page, until the end', async () => {
  const streams = createOpenStreams(logger, clock, isGood);
  const stream = streams.open(ACME, FOREVER, () =>
    found(
      { events: [event('1-0'), event('2-0')], more: true },
      { events: [], more: true },
      { events: [event('3-0')], ended: true },
    ),
  );
  expect(await text(stream)).toBe(
    [
      'retry: 2000\n: listening\n\n',
      'id: 1-0\nevent: job.completed\ndata: {"n":"1-0"}\n\n',
      'id: 2-0\nevent: job.completed\ndata: {"n":"2-0"}\n\n',
      'id: 3-0\nevent: job.completed\ndata: {"n":"3-0"}\n\n',
    ].join(''),
  );
});

test('a stream in which nothing happens says that it is still there, and ends after its time', async () => {
  const streams = createOpenStreams(logger, clock, isGood, {
    ...STREAM_LIMITS,
    keepAliveMs: 20,
    longestMs: 1000,
  });
  const stream = streams.open(ACME, FOREVER, () => found());
  expect((await text(stream)).split(': still here\n\n').length).toBeGreaterThan(3);
});

test('a listener is told where it stands, at first and with each sign of life, though all that rings is nothing for it', async () => {
  const streams = createOpenStreams(logger, clock, isGood, {
    ...STREAM_LIMITS,
    keepAliveMs: 20,
    longestMs: 500,
  });
  let place = 1;
  const stream = streams.open(ACME, FOREVER, (wake) => {
    const ringing = setInterval(wake, 2);
    return {
      look: async () => {
        place += 1;
        return { events: [] };
      },
      place: () => `${place}-0`,
      stop: () => clearInterval(ringing),
    };
  });
  const [beginning, ...signs] = (await text(stream)).split(/(?<=\n\n)/);
  expect(beginning).toBe('retry: 2000\nid: 1-0\n: listening\n\n');
  expect(signs.length).toBeGreaterThan(3);
  for (const sign of signs) expect(sign).toMatch(/^id: \d+-0\n: still here\n\n$/);
});

test('a wake in the middle of a look is not lost', async () => {
  const streams = createOpenStreams(logger, clock, isGood);
  let looks = 0;
  const stream = streams.open(ACME, FOREVER, (wake) => ({
    look: async () => {
      looks += 1;
      if (looks === 1) wake();
      return looks === 1 ? { events: [] } : { events: [event('1-0')], ended: true };
    },
    stop: () => undefined,
  }));
  expect(await text(stream)).toContain('id: 1-0');
});

test('a Redis that is away is waited for; any other failure breaks the stream', async () => {
  const streams = createOpenStreams(logger, clock, isGood);
  const away = new Error('Connection is closed.');
  const patient = streams.open(ACME, FOREVER, () => found(away, { events: [], ended: true }));
  expect(await text(patient)).toContain('listening');
  const broken = streams.open(ACME, FOREVER, () => found(new TypeError('a bug')));
  await expect(text(broken)).rejects.toThrow('a bug');
});

test('a stream tells nothing more once its key is no longer good, and ends when Redis can say so', async () => {
  const answers = [true, new Error('Connection is closed.'), false];
  const asked = vi.fn<() => Promise<boolean>>(async () => {
    const next = answers.shift() ?? false;
    if (next instanceof Error) throw next;
    return next;
  });
  const streams = createOpenStreams(logger, clock, asked);
  let looks = 0;
  const stream = streams.open(ACME, FOREVER, () => ({
    look: async () => {
      looks += 1;
      if (looks === 2) streams.lookAgain();
      return { events: [event(`${looks}-0`)], more: true };
    },
    stop: () => undefined,
  }));
  const written = await text(stream);
  expect(written.match(/^id: .*$/gm)).toEqual(['id: 1-0', 'id: 2-0']);
  expect(asked.mock.calls).toEqual(Array.from({ length: 3 }, () => [ACME]));
});

test('a stream that opens just as its key is taken back tells nothing', async () => {
  const streams = createOpenStreams(logger, clock, async () => false);
  const stream = streams.open(ACME, FOREVER, () => found({ events: [event('1-0')] }));
  expect(await text(stream)).toBe('retry: 2000\n: listening\n\n');
});

test('a stream ends when its key expires, and tells nothing of what happens afterwards', async () => {
  const streams = createOpenStreams(logger, clock, isGood);
  const key = { ...ACME, expires_at: NOW + 100 };
  let happened = false;
  const stream = streams.open(key, FOREVER, (wake) => {
    const later = setTimeout(() => {
      happened = true;
      wake();
    }, 500);
    return {
      look: async () => (happened ? { events: [event('1-0')], ended: true } : { events: [] }),
      stop: () => clearTimeout(later),
    };
  });
  expect(await text(stream)).toBe('retry: 2000\n: listening\n\n');
});

test('a project leaves room for others, and all together leave room for the process', () => {
  const streams = createOpenStreams(logger, clock, isGood, {
    ...STREAM_LIMITS,
    process: 3,
    project: 2,
  });
  const hangUps = ['acme', 'acme', 'other'].map((project) => {
    const hangUp = new AbortController();
    const followed = found();
    const open = () => streams.open(keyOf(project), hangUp.signal, () => followed);
    return { open, hangUp, followed };
  });
  hangUps[0]?.open();
  hangUps[1]?.open();
  expect(() => streams.open(ACME, FOREVER, () => found())).toThrow(
    expect.objectContaining({ code: 'rate_limited', retryAfterSeconds: 5 }),
  );
  hangUps[2]?.open();
  expect(() => streams.open(keyOf('third'), FOREVER, () => found())).toThrow(
    expect.objectContaining({ code: 'unavailable', retryAfterSeconds: 5 }),
  );
  hangUps[0]?.hangUp.abort();
  expect([streams.count(), hangUps[0]?.followed.stopped()]).toEqual([2, true]);
  streams.open(ACME, FOREVER, () => found());
  expect(streams.count()).toBe(3);
});

test('a caller who hung up before the stream opened is not waited for', async () => {
  const streams = createOpenStreams(logger, clock, isGood);
  const followed = found();
  const stream = streams.open(ACME, AbortSignal.abort(), () => followed);
  await text(stream);
  expect([streams.count(), followed.stopped()]).toEqual([0, true]);
});

test('closing ends the streams that are open and those that open later', async () => {
  const streams = createOpenStreams(logger, clock, isGood);
  const open = streams.open(ACME, FOREVER, () => found());
  const reading = text(open);
  streams.close();
  const later = streams.open(ACME, FOREVER, () => found());
  for (const written of [await reading, await text(later)]) {
    expect(written).toBe('retry: 2000\n: listening\n\n');
  }
});
