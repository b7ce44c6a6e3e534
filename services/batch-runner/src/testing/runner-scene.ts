import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createBatchRuns, createBatchStore, endedLineOf } from '@understudy/batch-store';
import type { BatchStore } from '@understudy/batch-store';
import { SCHEMA_VERSION, isTerminalBatch } from '@understudy/contracts';
import type { BatchRecord, BatchRequest, JobEnd } from '@understudy/contracts';
import { openDispatchScene } from '@understudy/dispatch/testing';
import type { DispatchScene } from '@understudy/dispatch/testing';
import type { FileSettings } from '@understudy/configuration';
import { openFileStore, usedBytesKey } from '@understudy/file-store';
import type { JobReference } from '@understudy/job-store';
import { createLimits } from '@understudy/limits';
import { createId, jobIdOfLine } from '@understudy/submission';
import { onTestFinished } from 'vitest';
import type { HeldBatch, RunnerContext } from '../runner-context.ts';
import { runStep } from '../run-step.ts';
import type { StepResult } from '../run-step.ts';

const PROJECT = 'acme';
const ID = 'batch_1';
const LEASE_MS = 10_000;
/** As the API keeps it. */
const INPUT_PAST_END_MS = 3_600_000;
/** Of the shortest thing that is encrypted. */
const SEAL_BYTES = 64;

export interface RunnerScene extends DispatchScene {
  context: RunnerContext;
  batches: BatchStore;
  /** Ends of batches that were told by webhook. */
  told: BatchRecord[];
  /** Stores the input and makes the batch of it. */
  create(input: string, given?: Partial<BatchRequest>): Promise<BatchRequest>;
  /** A runner takes the batch; whoever had it before is dead, and its lease has run out. */
  takeOver(): Promise<HeldBatch>;
  /** One step, as if the time were come for all that waits for others. */
  step(held: HeldBatch, context?: RunnerContext): Promise<StepResult>;
  /** Steps until none is wanted at once. */
  run(held: HeldBatch, context?: RunnerContext): Promise<StepResult>;
  /** Answers the jobs of lines as a worker does, and lets the batch hear of it. */
  answer(...lines: number[]): Promise<void>;
  /** The same with answers that have cost so many USD each. */
  answerFor(cost: number, ...lines: number[]): Promise<void>;
  /** A worker calls a provider for the job of a line. */
  begin(line: number): Promise<void>;
  /** Lets the batch hear of the ends of lines. */
  relay(...lines: number[]): Promise<void>;
  jobOf(line: number): JobReference;
  batch(): Promise<BatchRecord>;
  /** Custom ids in a result file, or what else stands in its lines. */
  lines(role: 'out' | 'err', member?: string): Promise<unknown[]>;
}

/**
 * Real Redis and files in a folder, or where it is said; workers and the relay are played by the
 * test.
 */
export async function openRunnerScene(place: Pick<FileSettings, 's3'> = {}): Promise<RunnerScene> {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { dispatch } = scene;
  const { redis, keyPrefix, clock, logger } = dispatch;
  const path = mkdtempSync(join(tmpdir(), 'understudy-files-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const settings = { path, maxBytes: 2 ** 29, retentionMs: 86_400_000, ...place };
  const { files, bytes } = await openFileStore({ redis, keyPrefix, settings, logger });
  const told: BatchRecord[] = [];
  const context: RunnerContext = {
    runs: createBatchRuns(redis, keyPrefix),
    files,
    bytes,
    dispatch,
    limits: createLimits(redis, keyPrefix, (project) => usedBytesKey(keyPrefix, project)),
    admission: { isOpen: () => Promise.resolve(true) },
    tell: async (batch) => void told.push(batch),
  };
  const batches = createBatchStore(redis, keyPrefix);
  const reference = { project: PROJECT, id: ID };
  const jobOf = (line: number): JobReference => ({
    project: PROJECT,
    id: jobIdOfLine(ID, line),
  });
  const batch = async (): Promise<BatchRecord> => {
    const record = await batches.read(PROJECT, ID);
    if (record === undefined) throw new Error('the batch is not there');
    return record;
  };
  const step: RunnerScene['step'] = (held, with_ = context) => {
    held.writtenAt = -Infinity;
    held.unread.since = -Infinity;
    return runStep(with_, held);
  };
  const relay = async (...lines: number[]): Promise<void> => {
    const records = await dispatch.store.readRecords(lines.map(jobOf));
    await context.runs.countEnded(
      reference,
      records.flatMap((record) => (record && endedLineOf(record)?.line) ?? []),
    );
  };

  const begin = async (line: number): Promise<void> => {
    const now = clock.now();
    await dispatch.store.begin(jobOf(line), 1, now, now + 60_000);
  };
  const answer = async (lines: readonly number[], cost: Pick<JobEnd, 'cost'>): Promise<void> => {
    for (const line of lines) {
      await begin(line);
      await dispatch.store.transition(jobOf(line), {
        turn: 1,
        status: 'completed',
        nextTurn: 2,
        appended: [],
        folded: [],
        result: Buffer.from(`{"answer":${line}}`),
        end: { v: SCHEMA_VERSION, result: { provider: 'a' }, ...cost },
        endedAt: clock.now(),
        keepMs: 60_000,
      });
    }
    await relay(...lines);
  };

  return {
    ...scene,
    context,
    batches,
    told,
    jobOf,
    batch,
    step,
    relay,
    create: async (input, given) => {
      const now = clock.now();
      const id = createId('file-', now);
      const received = await files.receive(
        PROJECT,
        id,
        Readable.from([Buffer.from(input)]),
        2 ** 29,
      );
      const request: BatchRequest = {
        v: SCHEMA_VERSION,
        ...reference,
        surface: 'openai',
        endpoint: '/v1/chat/completions',
        input_file_id: id,
        priority: 8,
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        created_at: now,
        expires_at: now + 86_400_000,
        output_life_ms: 86_400_000,
        ...given,
      };
      const draft = { id, purpose: 'batch', filename: 'input.jsonl' } as const;
      await files.register(
        PROJECT,
        { ...draft, expiresAt: request.expires_at + INPUT_PAST_END_MS },
        received,
      );
      await batches.create(request);
      return request;
    },
    takeOver: async () => {
      const now = clock.now() + LEASE_MS;
      const claim = await context.runs.claim(reference, `runner-${Math.random()}`, now, now);
      if (claim.kind !== 'claimed') throw new Error(`the batch is ${claim.kind}`);
      return {
        lease: claim.lease,
        signal: new AbortController().signal,
        partsWritten: 0,
        writtenAt: -Infinity,
        mendedAt: clock.monotonic(),
        unknownModelSince: undefined,
        nextLinesEnded: false,
        unread: { lines: new Set(), since: -Infinity },
        progress: -1,
        progressedAt: -Infinity,
      };
    },
    run: async (held, with_) => {
      for (;;) {
        const result = await step(held, with_);
        if (result !== 'again') return result;
      }
    },
    begin,
    answer: (...lines) => answer(lines, {}),
    answerFor: (amount, ...lines) => {
      const prices = { currency: 'USD', prices_as_of: '2026-11-01' } as const;
      return answer(lines, { cost: { status: 'known', amount, ...prices } });
    },
    lines: async (role, member = 'custom_id') => {
      const { outputFileId, errorFileId } = await batch();
      const file = role === 'out' ? outputFileId : errorFileId;
      if (file === undefined) return [];
      const content = await files.content(PROJECT, file);
      const all = await text(Readable.from(content ?? []));
      return all
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)[member]);
    },
  };
}

/** Lines `r1` to `r<count>` for a model that is known. */
export function inputOf(count: number, model = 'm'): string {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      custom_id: `r${index + 1}`,
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model, messages: [] },
    }),
  ).join('\n');
}

/** What was encrypted under a key that the broker does not have. */
export function lostSeal(): Buffer {
  const sealed = Buffer.alloc(SEAL_BYTES);
  sealed.write('\0US1lost', 'latin1');
  return sealed;
}

export function hasEnded({ status }: BatchRecord): boolean {
  return isTerminalBatch(status);
}
