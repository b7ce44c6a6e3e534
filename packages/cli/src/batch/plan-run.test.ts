import { expect, test } from 'vitest';
import { planRun, type PlanQuestion } from './plan-run.ts';
import { runKey } from './run-key.ts';
import type { RunState } from './run-state.ts';

const question: PlanQuestion = {
  sha256: 'now',
  lines: 5,
  earlier: undefined,
  hasAnswers: false,
  retryFailed: false,
  fresh: false,
  overwrite: false,
  project: undefined,
};
const state = (round: Partial<RunState['rounds'][number]>): RunState => ({
  v: 1,
  sha256: 'now',
  generation: '',
  rounds: [{ key: 'k', lines: 5, batch: 'batch_1', ...round }],
});
const done = state({ ended: 'completed', failed: 2 });

test('a first run begins with one round', () => {
  expect(planRun(question)).toMatchObject({ kind: 'run', state: { sha256: 'now', rounds: [{}] } });
});

test('answers that no state file claims are not overwritten unasked', () => {
  expect(planRun({ ...question, hasAnswers: true })).toMatchObject({ kind: 'refused' });
  const plan = planRun({ ...question, hasAnswers: true, overwrite: true });
  expect(plan.kind).toBe('run');
});

test('a run that was interrupted is carried on, also where failed lines are to be sent again', () => {
  const earlier = state({});
  expect(planRun({ ...question, earlier })).toEqual({ kind: 'run', state: earlier });
  expect(planRun({ ...question, earlier, retryFailed: true })).toEqual({
    kind: 'run',
    state: earlier,
  });
});

test('a finished run has nothing to do until its failed lines are asked for, or its answers are gone', () => {
  const question2 = { ...question, earlier: done, hasAnswers: true };
  expect(planRun(question2)).toEqual({ kind: 'complete', failed: 2 });
  expect(planRun({ ...question2, retryFailed: true })).toMatchObject({
    kind: 'run',
    state: { rounds: [{ batch: 'batch_1' }, { lines: 2 }] },
  });
  expect(planRun({ ...question2, hasAnswers: false })).toMatchObject({ kind: 'run', state: done });
});

test('other prompts are another run, and what may still go on of the last one is named', () => {
  const plan = planRun({ ...question, earlier: state({}), sha256: 'other' });
  expect(plan).toMatchObject({ kind: 'run', state: { sha256: 'other', rounds: [{ key: '' }] } });
  expect(JSON.stringify(plan)).toContain('understudy batch cancel batch_1');
  const inAcme = { ...question, earlier: state({}), fresh: true, project: 'acme' };
  expect(JSON.stringify(planRun(inAcme))).toContain('cancel batch_1 --project acme');
});

test('other prompts, and --fresh, name a batch that ended without its answers being written', () => {
  const earlier = state({ ended: 'completed' });
  const words = 'batch_1 of the run before has ended, and its answers were not written; ';
  expect(planRun({ ...question, earlier, sha256: 'other' })).toMatchObject({
    warning: expect.stringContaining(
      `this is a new one. ${words}"understudy batch get batch_1" names their files.`,
    ),
  });
  expect(planRun({ ...question, earlier, fresh: true, project: 'acme' })).toMatchObject({
    warning: `${words}"understudy batch get batch_1 --project acme" names their files.`,
  });
});

test.each([
  ['whose answers were written', { ended: 'completed', failed: 0 }],
  ['that was not accepted', { ended: 'failed' }],
  ['that was not sent', { batch: undefined }],
])('of a batch %s nothing is left to tell', (_, round) => {
  const earlier = state(round);
  expect(planRun({ ...question, earlier, fresh: true })).not.toHaveProperty('warning');
  expect(planRun({ ...question, earlier, sha256: 'other' })).toMatchObject({
    warning: 'The prompts or options changed since the last run; this is a new one.',
  });
});

test('what failed of other requests, or of none, is not known: nothing is sent, and the remedy is told', () => {
  const retry = { ...question, retryFailed: true };
  expect(planRun({ ...retry, earlier: done, sha256: 'other', hasAnswers: true })).toEqual({
    kind: 'refused',
    reason: expect.stringMatching(/changed since the last run.*--retry-failed.*--fresh/),
  });
  expect(planRun(retry)).toEqual({
    kind: 'refused',
    reason: expect.stringContaining('leave --retry-failed out'),
  });
});

test('--fresh is another run each time', () => {
  const generations = [1, 2].map(() => {
    const plan = planRun({ ...question, earlier: done, hasAnswers: true, fresh: true });
    return plan.kind === 'run' ? plan.state.generation : '';
  });
  expect(new Set([...generations, '']).size).toBe(3);
});

test('the key of a batch is the same for the same run, and another for every other one', () => {
  const run = {
    sha256: 's',
    answersPath: '/a',
    generation: '',
    options: { metadata: { a: '1', b: '2' } },
  };
  expect(runKey({ ...run, options: { metadata: { b: '2', a: '1' } } }, 0)).toBe(runKey(run, 0));
  const others = [
    runKey(run, 0),
    runKey(run, 1),
    runKey({ ...run, sha256: 't' }, 0),
    runKey({ ...run, answersPath: '/b' }, 0),
    runKey({ ...run, generation: 'g' }, 0),
    runKey({ ...run, options: { priority: 'high' } }, 0),
    runKey({ ...run, options: { ...run.options, maxCost: 5 } }, 0),
  ];
  expect(new Set(others).size).toBe(others.length);
});
