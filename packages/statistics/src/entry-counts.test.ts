import type { JobRecord } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { parseProviderField, providerField } from './counted-fields.ts';
import type { ProviderCount } from './counted-fields.ts';
import { entryCounts } from './entry-counts.ts';
import { latencyBucket } from './latency-buckets.ts';
import { outboxEntry, tallied } from './testing/outbox-entry.ts';

/** A record as far as counting looks at it. */
function recordWith(given: Partial<JobRecord>): JobRecord {
  const request = { v: 1, id: 'job_1', project: 'acme' };
  return { request, progress: {}, status: 'completed', version: 3, ...given } as JobRecord;
}

const flowsOf = (counts: readonly (readonly [string, number])[]): string[] =>
  counts.flatMap(([field]) => {
    const parsed = parseProviderField(field);
    return parsed?.kind === 'flow' ? [`${parsed.from} → ${parsed.to ?? 'unanswered'}`] : [];
  });

test('the entry that made a job counts it, later ones of a job that goes on count nothing of it', () => {
  expect(entryCounts(outboxEntry(), undefined)).toEqual([['a', 1]]);
  expect(entryCounts(outboxEntry({ version: 2 }), undefined)).toEqual([]);
});

test('an end counts with its cost and tokens, and the call with its latency', () => {
  const tally = { attempts: [tallied('a', { durationMs: 250 })] };
  const entry = outboxEntry({ version: 3, status: 'completed', spent: 0.000_000_25, tally });
  const usage = { input_tokens: 12, output_tokens: 34 };
  expect(entryCounts(entry, recordWith({ end: { v: 1, usage } }))).toEqual([
    ['c', 1],
    ['$', 250],
    ['i', 12],
    ['o', 34],
    ['s:a:', 1],
    [`l:a:${latencyBucket(250)}`, 1],
  ]);
});

test('a provider that tells nonsense of its tokens spoils no sum', () => {
  const entry = outboxEntry({ version: 3, status: 'completed' });
  const told = (tokens: number) =>
    entryCounts(entry, recordWith({ end: { v: 1, usage: { input_tokens: tokens } } }));
  expect(told(12.5)).toContainEqual(['i', 13]);
  expect(told(1e300)).toContainEqual(['i', 1e15]);
  for (const tokens of [Infinity, NaN, -5]) expect(told(tokens)).toEqual([['c', 1]]);
});

test('a job that is no longer kept is counted without its tokens', () => {
  const entry = outboxEntry({ version: 3, status: 'expired' });
  expect(entryCounts(entry, undefined)).toEqual([['e', 1]]);
});

test('a job that falls through flows from provider to provider, and unanswered ones to nobody', () => {
  const failed = tallied('a', { outcome: 'failed', rule: 'default.status_500' });
  const skipped = tallied('b', { outcome: 'skipped', rule: 'cooling_down' });
  const barred = tallied('x', { outcome: 'skipped', rule: 'unmapped', barred: true });
  const movesOn = outboxEntry({
    version: 3,
    tally: { attempts: [failed, barred, skipped], next: 'c' },
  });
  expect(flowsOf(entryCounts(movesOn, undefined))).toEqual(['a → b', 'b → c']);
  expect(entryCounts(movesOn, undefined)).toContainEqual(['f:a:default.status_500', 1]);
  expect(entryCounts(movesOn, undefined)).toContainEqual(['k:x:unmapped', 1]);

  const again = outboxEntry({ version: 4, tally: { attempts: [failed], next: 'a' } });
  expect(flowsOf(entryCounts(again, undefined))).toEqual([]);

  const ends = outboxEntry({ version: 5, status: 'failed', tally: { attempts: [failed, failed] } });
  expect(flowsOf(entryCounts(ends, undefined))).toEqual(['a → unanswered']);

  const answered = outboxEntry({
    version: 5,
    status: 'completed',
    tally: { attempts: [failed, tallied('d')] },
  });
  expect(flowsOf(entryCounts(answered, undefined))).toEqual(['a → d']);
});

test('a job that expires while it waits flows out of where it waited', () => {
  const rooms = [
    { provider: 'b', model: 'm' },
    { provider: 'c', model: 'm' },
  ];
  const place = { kind: 'waiting', rooms } as unknown as JobRecord['progress']['place'];
  const record = recordWith({ progress: { place } as JobRecord['progress'] });
  const expired = outboxEntry({ version: 4, status: 'expired' });
  expect(flowsOf(entryCounts(expired, record))).toEqual(['b → unanswered']);
  const cancelled = outboxEntry({ version: 4, status: 'cancelled' });
  expect(flowsOf(entryCounts(cancelled, record))).toEqual([]);
});

test('what a field counts can be read back from it', () => {
  const counts: ProviderCount[] = [
    { kind: 'attempts', provider: 'a', outcome: 'succeeded', rule: '' },
    { kind: 'attempts', provider: 'a.b-c_d', outcome: 'failed', rule: 'odd:rule' },
    { kind: 'latency', provider: 'a', bucket: 7 },
    { kind: 'flow', from: 'a', to: 'b' },
    { kind: 'flow', from: 'a', to: null },
  ];
  expect(counts.map(providerField).map(parseProviderField)).toEqual(counts);
  expect(parseProviderField('a')).toBeUndefined();
});
