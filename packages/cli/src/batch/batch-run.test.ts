import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { showRun } from '../commands/show-run.ts';
import { EXIT } from '../exit-code.ts';
import { createOutput } from '../output/output.ts';
import type { BatchDoor } from './batch-door.ts';
import { BatchRun, type FinishedRun } from './batch-run.ts';
import type { BatchView } from './batch-view.ts';
import { planRun } from './plan-run.ts';
import type { RunState } from './run-state.ts';

class Missing extends Error {}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* [];
}

/** Knows only what it made itself, which has ended so. */
function openDoor(
  ended: Partial<BatchView> = {},
  content: BatchDoor['content'] = nothing,
): { door: BatchDoor; calls: string[] } {
  const calls: string[] = [];
  const batch: BatchView = { id: 'batch_new', status: 'completed', ...ended };
  return {
    calls,
    door: {
      upload: async () => {
        calls.push('upload');
        return 'file-1';
      },
      create: async () => {
        calls.push('create');
        return { batch, replayed: false };
      },
      get: async (id) => {
        calls.push(`get ${id}`);
        if (id !== batch.id) throw new Missing();
        return batch;
      },
      content,
      growth: nothing,
    },
  };
}

async function openRun(door: BatchDoor, prompts = '{"prompt":"Hi"}\n'): Promise<BatchRun> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-run-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'prompts.jsonl');
  writeFileSync(path, prompts);
  return BatchRun.open({
    input: { path, format: 'prompts', defaults: { endpoint: '/v1/chat/completions', model: 'm' } },
    answersPath: join(folder, 'answers.jsonl'),
    answers: { format: 'prompts', withPrompt: false },
    batch: {},
    partial: false,
    door,
    patience: (call) => call(),
    isMissing: (error) => error instanceof Missing,
    brokerUrl: 'http://broker.test',
    project: undefined,
    again: 'the same command',
    observer: { onBatch: () => undefined, onProgress: () => undefined },
    signal: new AbortController().signal,
  });
}

const stateOf = (...rounds: RunState['rounds']): RunState => ({
  v: 1,
  sha256: '',
  generation: '',
  rounds,
});

test.each([
  ['that may still go on', [{ key: 'k', lines: 1, batch: 'batch_1' }]],
  [
    'that had ended, before its failed lines are sent again',
    [
      { key: 'k', lines: 1, batch: 'batch_1', ended: 'completed' },
      { key: '', lines: 1 },
    ],
  ],
])('a batch %s and is not found is told, and nothing is sent in its place', async (_, rounds) => {
  const { door, calls } = openDoor();
  await using run = await openRun(door);
  const finished = run.finish(await run.prepare(), stateOf(...rounds));
  await expect(finished).rejects.toMatchObject({
    exitCode: EXIT.notFound,
    message: expect.stringMatching(/batch_1.*http:\/\/broker\.test.*UNDERSTUDY_API_KEY.*--fresh/),
  });
  expect(calls).toEqual(['get batch_1']);
});

test('a round that has no batch yet is sent', async () => {
  const { door, calls } = openDoor();
  await using run = await openRun(door);
  await run.finish(await run.prepare(), stateOf({ key: '', lines: 1 }));
  expect(calls.slice(0, 2)).toEqual(['upload', 'create']);
});

const REMOVED: Pick<BatchView, 'status' | 'errors'> = {
  status: 'failed',
  errors: { data: [{ code: 'input_file_not_found', message: 'the input file was removed' }] },
};

test('what a batch answered before it failed is fetched, and the rest can be sent again', async () => {
  const message = { content: 'Hello' };
  const response = { status_code: 200, body: { model: 'm', choices: [{ message }] } };
  const line = JSON.stringify({ custom_id: 'line-1', response, error: null });
  const ended = {
    ...REMOVED,
    output_file_id: 'file-2',
    request_counts: { total: 2, completed: 1, failed: 1 },
  };
  const { door } = openDoor(ended, async function* () {
    yield Buffer.from(`${line}\n`);
  });
  await using run = await openRun(door, '{"prompt":"Hi"}\n{"prompt":"Ho"}\n');
  const state = stateOf({ key: '', lines: 2 });
  expect(await run.finish(await run.prepare(), state)).toMatchObject({
    lines: 2,
    failed: 1,
    firstFailures: [{ custom_id: 'line-2' }],
    batches: [{ errors: REMOVED.errors }],
  });
  expect(state.rounds).toMatchObject([{ ended: 'failed', failed: 1 }]);
});

test('a batch of which no line ran ends the command, and it says how to send it again', async () => {
  const { door } = openDoor({ ...REMOVED, request_counts: { total: 0, completed: 0, failed: 0 } });
  await using run = await openRun(door);
  await expect(
    run.finish(await run.prepare(), stateOf({ key: '', lines: 1 })),
  ).rejects.toMatchObject({
    exitCode: EXIT.usage,
    message: expect.stringMatching(/the input file was removed.*\n.*--fresh sends them again/),
  });
});

/** What the run says to people. */
function notesOf(run: FinishedRun): string {
  const stderr = new PassThrough();
  const channels = { stdout: new PassThrough(), stderr, environment: {} };
  showRun(run, 'a', createOutput({ ...channels, json: false, colour: false, now: () => 0 }));
  return String(stderr.read());
}

test('a later round of which no line ran leaves the earlier answers, and its lines to the next round', async () => {
  const rejected: BatchView = {
    id: 'batch_2',
    status: 'failed',
    errors: { data: [{ code: 'invalid_line', message: 'the body is too large', line: 1 }] },
    request_counts: { total: 0, completed: 0, failed: 0 },
  };
  const mended: BatchView = { id: 'batch_3', status: 'completed', output_file_id: 'file-3' };
  const response = {
    status_code: 200,
    body: { model: 'm', choices: [{ message: { content: 'Hello' } }] },
  };
  const { door } = openDoor(
    { output_file_id: 'file-2', request_counts: { total: 2, completed: 1, failed: 1 } },
    async function* (file) {
      const id = file === 'file-2' ? 'line-1' : 'line-2';
      yield Buffer.from(`${JSON.stringify({ custom_id: id, response, error: null })}\n`);
    },
  );
  const keys: string[] = [];
  const threeBatches: BatchDoor = {
    ...door,
    get: async (id, signal) =>
      [rejected, mended].find((batch) => batch.id === id) ?? door.get(id, signal),
    create: async (_input, key) => {
      keys.push(key);
      return { batch: keys.length === 1 ? rejected : mended, replayed: false };
    },
  };
  await using run = await openRun(threeBatches, '{"prompt":"Hi"}\n{"prompt":"Ho"}\n');
  const all = await run.prepare();
  const first = { key: 'k', lines: 2, batch: 'batch_new', ended: 'completed' };
  const state = stateOf(first, { key: '', lines: 1 });
  const second = await run.finish(all, state);
  expect(second).toMatchObject({
    lines: 2,
    failed: 1,
    batches: [{ id: 'batch_new' }, { id: 'batch_2', errors: rejected.errors }],
  });
  expect(state.rounds.at(-1)).toMatchObject({ batch: 'batch_2', ended: 'failed', failed: 1 });
  // Its first line is the second one of the input.
  expect(notesOf(second)).toContain('batch_2: line 2: the body is too large (invalid_line)\n');

  const question = {
    sha256: '',
    lines: 2,
    hasAnswers: true,
    fresh: false,
    overwrite: false,
    project: undefined,
  };
  const plan = planRun({ ...question, earlier: state, retryFailed: true });
  if (plan.kind !== 'run') throw new Error('nothing is left to send');
  const third = await run.finish(all, plan.state);
  expect(new Set(keys).size).toBe(2);
  expect(third.failed).toBe(0);
  expect(notesOf(third)).not.toContain('batch_2');
});
