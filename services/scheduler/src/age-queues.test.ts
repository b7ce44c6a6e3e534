import { expect, test } from 'vitest';
import type { JobRecord } from '@understudy/contracts';
import { agedPriority, risingTurns } from './age-queues.ts';
import type { WaitingTurn } from './age-queues.ts';

const AGEING_MS = 600_000;

/** The two members of a record that ageing looks at. */
function submitted(priority: number, createdAt: number): JobRecord {
  return { request: { priority, created_at: createdAt } } as JobRecord;
}

test('a job rises by one priority for each ageing time since it was submitted', () => {
  const record = submitted(8, 0);
  expect(agedPriority(record, AGEING_MS - 1, AGEING_MS)).toBe(8);
  expect(agedPriority(record, AGEING_MS, AGEING_MS)).toBe(7);
  expect(agedPriority(record, 3 * AGEING_MS, AGEING_MS)).toBe(5);
});

test('nothing rises above the highest priority', () => {
  expect(agedPriority(submitted(2, 0), 100 * AGEING_MS, AGEING_MS)).toBe(0);
});

test('a turn whose record is gone stays where it is', () => {
  expect(agedPriority(undefined, AGEING_MS, AGEING_MS)).toBe(Infinity);
});

const OLD = AGEING_MS;
const YOUNG = 2 * AGEING_MS - 1;
const NOW = 2 * AGEING_MS;

interface Waiting {
  project: string;
  submittedAs: number;
  createdAt: number;
  count: number;
}

/** The turns that wait, by where they stand. */
function waitingAt(places: Readonly<Record<number, Waiting[]>>): WaitingTurn[][] {
  return Array.from({ length: 10 }, (_, place) =>
    (places[place] ?? []).flatMap(({ project, submittedAs, createdAt, count }) =>
      Array.from({ length: count }, (__, index) => ({
        entry: { project, id: `job_${project}_${place}_${index}`, turn: 1 },
        record: submitted(submittedAs, createdAt),
      })),
    ),
  );
}

const rising = (places: Readonly<Record<number, Waiting[]>>) =>
  risingTurns(waitingAt(places), NOW, AGEING_MS).map(({ entry, priority }) => [
    entry.project,
    priority,
  ]);

const flood = { project: 'flooding', submittedAs: 5, createdAt: OLD, count: 50 };
const single = { project: 'calm', submittedAs: 5, createdAt: YOUNG, count: 1 };
const stream = { project: 'urgent', submittedAs: 2, createdAt: YOUNG, count: 6 };

test('old jobs of a flood pass none that were submitted as important as they', () => {
  expect(rising({ 5: [flood, single] })).toEqual([]);
  // Nor do those that had risen past a stream that has ended make room for more.
  expect(rising({ 4: [{ ...flood, count: 1 }], 5: [flood, single] })).toEqual([]);
});

test('old jobs rise past a stream of more important ones, a few of a project at a time', () => {
  expect(rising({ 2: [stream], 5: [flood, single] })).toEqual([
    ['flooding', 4],
    ['flooding', 4],
    ['flooding', 4],
    ['flooding', 4],
  ]);
  const risen = { ...flood, count: 3 };
  expect(rising({ 2: [stream], 4: [risen], 5: [flood] })).toEqual([['flooding', 4]]);
  const other = { project: 'other', submittedAs: 5, createdAt: OLD, count: 2 };
  const both = rising({ 2: [stream], 4: [{ ...risen, count: 4 }], 5: [flood, other] });
  expect(both).toEqual([
    ['other', 4],
    ['other', 4],
  ]);
});

test('a job that rises stops among the more important ones, where it has its turn', () => {
  const old = { project: 'patient', submittedAs: 8, createdAt: NOW - 100 * AGEING_MS, count: 1 };
  expect(rising({ 2: [stream], 8: [old] })).toEqual([['patient', 0]]);
  expect(rising({ 2: [stream, old] })).toEqual([]);
});
