import { SCHEMA_VERSION } from '@understudy/contracts';
import type { Attempt, JobEnd } from '@understudy/contracts';
import { settleLateAnswer } from '@understudy/dispatch';
import { editTopLevel } from '@understudy/provider';
import type { Route } from '@understudy/routing';
import type { TurnOutcome } from './call-surfaces.ts';
import type { HeldTurn } from './held-turn.ts';
import { jobCost } from './job-cost.ts';
import { reportServing } from './report-availability.ts';
import { continueAfterRefusal } from './settle-failure.ts';
import type { WorkerContext } from './worker-context.ts';

export interface TurnCall {
  model: string;
  route: Route | undefined;
  probe: boolean;
}

/** Ends the job with its answer, also when a newer start has taken the token meanwhile. */
export async function settleAnswer(
  worker: WorkerContext,
  held: HeldTurn,
  outcome: Extract<TurnOutcome, { kind: 'answered' }>,
  call: TurnCall,
): Promise<void> {
  const { dispatch, settings } = worker;
  const { request, token, turn } = held;
  const provider = held.provider.settings.name;
  const { answer } = outcome;
  if (answer.refusal && call.route?.onRefusal === 'next') {
    await reportServing(worker, provider, call.model, outcome.callStartedAt);
    return continueAfterRefusal(worker, held, outcome);
  }

  const body = withOwnResponseIds(held, outcome.body);
  const attempts = withProvidersId(outcome);
  const served = answer.modelServed ?? call.model;
  const endWith = (cost: Pick<JobEnd, 'cost'>): JobEnd => ({
    v: SCHEMA_VERSION,
    result: { provider, model: served, ...(answer.refusal ? { refusal: true } : {}) },
    usage: answer.usage,
    ...cost,
  });
  const settled = await dispatch.store.transition(request, {
    token,
    status: 'completed',
    nextTurn: turn + 1,
    progress: held.progress,
    appended: attempts,
    folded: [],
    result: body,
    end: endWith(jobCost(held.progress, attempts)),
    endedAt: dispatch.clock.now(),
    keepMs: settings().defaults.retentionMs,
  });
  if (!settled.ok) {
    await settleLateAnswer(dispatch, request, {
      token,
      attempts,
      endAfter: (calls) => endWith(jobCost({}, calls)),
      result: body,
    });
  }
  await reportServing(worker, provider, call.model, outcome.callStartedAt);
}

/** Longer ids are none that somebody could look up. */
const LONGEST_RESPONSE_ID = 512;

function withProvidersId({
  attempts,
  answer: { responseId },
}: Extract<TurnOutcome, { kind: 'answered' }>): Attempt[] {
  if (responseId === undefined || responseId.length > LONGEST_RESPONSE_ID) return [...attempts];
  return attempts.map((attempt) =>
    attempt.outcome === 'succeeded' ? { ...attempt, provider_response_id: responseId } : attempt,
  );
}

/** A Responses answer carries our ids: the vendor's would lead nowhere at this broker. */
function withOwnResponseIds({ request }: HeldTurn, body: Buffer): Buffer {
  const { dialect, id, previous_response_id: previous } = request;
  if (dialect !== 'responses') return body;
  return Buffer.from(
    editTopLevel(body, {
      id: id.replace(/^job_/, 'resp_'),
      ...(previous === undefined ? {} : { previous_response_id: previous }),
    }),
  );
}
