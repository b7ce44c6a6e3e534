import { randomUUID } from 'node:crypto';
import { cancelHint, filesHint } from './batch-hints.ts';
import type { RunState } from './run-state.ts';

export interface PlanQuestion {
  /** Of the requests as they would be sent now. */
  sha256: string;
  lines: number;
  /** What an earlier run left beside the answers. */
  earlier: RunState | undefined;
  /** Whether the file of answers is there and not empty. */
  hasAnswers: boolean;
  retryFailed: boolean;
  fresh: boolean;
  overwrite: boolean;
  /** That the run names to the broker; undefined where it acts in the key's own. */
  project: string | undefined;
}

export type Plan =
  /** Carry on from this state; it is not stored yet. */
  | { kind: 'run'; state: RunState; warning?: string }
  /** Nothing is left to do. */
  | { kind: 'complete'; failed: number }
  | { kind: 'refused'; reason: string };

const NOTHING_FAILED =
  'no state file says that a run wrote these answers, so no line is known to have failed; ' +
  'leave --retry-failed out, and check -o';
const OTHER_REQUESTS =
  'the prompts or options changed since the last run, so which of these lines failed is not known; ' +
  'without the change --retry-failed sends only what failed, and --fresh without it sends everything again';

/** Decides what a run has to do, from what is there already. */
export function planRun(question: PlanQuestion): Plan {
  const { earlier, sha256, hasAnswers, retryFailed, fresh, overwrite, project } = question;
  if (earlier === undefined) {
    if (retryFailed) return { kind: 'refused', reason: NOTHING_FAILED };
    if (!hasAnswers || overwrite) return { kind: 'run', state: firstState(question) };
    return {
      kind: 'refused',
      reason:
        'the file of answers is there, and no state file says that a run wrote it; ' +
        'give another with -o, or --overwrite',
    };
  }
  if (fresh) {
    return { kind: 'run', state: firstState(question), ...leftBehind(earlier, project) };
  }
  if (earlier.sha256 !== sha256) {
    if (retryFailed) return { kind: 'refused', reason: OTHER_REQUESTS };
    return { kind: 'run', state: firstState(question), ...changed(earlier, project) };
  }
  const last = earlier.rounds.at(-1);
  const isDone = last?.ended !== undefined && last.failed !== undefined;
  if (!isDone) return { kind: 'run', state: earlier };
  const failed = last.failed ?? 0;
  if (retryFailed && failed > 0) {
    const round = { key: '', lines: failed };
    return { kind: 'run', state: { ...earlier, rounds: [...earlier.rounds, round] } };
  }
  return hasAnswers ? { kind: 'complete', failed } : { kind: 'run', state: earlier };
}

function firstState({ sha256, lines, fresh }: PlanQuestion): RunState {
  const generation = fresh ? randomUUID() : '';
  return { v: 1, sha256, generation, rounds: [{ key: '', lines }] };
}

function changed(earlier: RunState, project: string | undefined): { warning: string } {
  const running = leftBehind(earlier, project).warning;
  return {
    warning: ['The prompts or options changed since the last run; this is a new one.', running]
      .filter((part) => part !== undefined)
      .join(' '),
  };
}

/** What the run before leaves to its user, as this one takes the place of its state. */
function leftBehind({ rounds }: RunState, project: string | undefined): { warning?: string } {
  const { batch, ended, failed } = rounds.at(-1) ?? {};
  if (batch === undefined || failed !== undefined) return {};
  if (ended === undefined) {
    return {
      warning: `${batch} of the run before may still go on; ${cancelHint(batch, project)}`,
    };
  }
  // One that was not accepted has no answers, and to begin anew is what its user was told to do.
  if (ended === 'failed') return {};
  return {
    warning: `${batch} of the run before has ended, and its answers were not written; ${filesHint(batch, project)}`,
  };
}
