import type { LossWarning } from '@understudy/contracts';
import { evaluateBody } from '@understudy/provider';
import type { CallResult, EvaluatedAnswer, Surface } from '@understudy/provider';
import { UnreadableAnswerError } from '@understudy/translation';
import type { FailedCall } from '@understudy/verdicts';
import type { HeldTurn } from './held-turn.ts';
import type { ShapedBody } from '@understudy/shaping';

/** How much of an unusable answer is looked at and kept. */
const JUDGED_BODY_BYTES = 64 * 1024;

type Answered = Extract<CallResult, { kind: 'answer' }>;

export type EvaluatedCall =
  | {
      ok: true;
      answer: Extract<EvaluatedAnswer, { ok: true }>;
      result: Answered;
      /** In the caller's dialect. */
      body: Buffer;
      /** Parts of the answer that the caller's dialect has no place for. */
      losses: LossWarning[];
    }
  | { ok: false; failed: FailedCall };

/** Tells an answer from a failure, in the dialect of the call, and brings an answer back. */
export async function evaluateCall(
  held: HeldTurn,
  { streamed }: Pick<Surface, 'streamed'>,
  result: Exclude<CallResult, { kind: 'aborted' }>,
  { model, shaped, now }: { model: string; shaped: ShapedBody; now(): number },
): Promise<EvaluatedCall> {
  const { dialect, translation } = shaped;
  const translated = translation === undefined ? {} : { translated: true };
  if (result.kind === 'fault') {
    const { fault, headers = {}, status } = result;
    const told = status === undefined ? {} : { status };
    return { ok: false, failed: { fault, headers, body: '', ...told, ...translated } };
  }
  const { status, headers } = result;
  const { evaluated, body } = evaluateBody(streamed, dialect, status, headers, result.body);
  if (!evaluated.ok) return { ok: false, failed: { ...evaluated.failed, ...translated } };
  if (translation === undefined) {
    return { ok: true, answer: evaluated, result, body, losses: [] };
  }
  try {
    const back = await translation.answer({
      body,
      id: held.request.id.replace(/^job_/, ''),
      model: evaluated.modelServed ?? model,
      createdAt: now(),
      usage: evaluated.usage,
    });
    return { ok: true, answer: evaluated, result, ...back };
  } catch (error) {
    if (!(error instanceof UnreadableAnswerError)) throw error;
    // A good answer of its dialect that holds what nobody can read is none for this caller.
    const text = body.toString('utf8', 0, JUDGED_BODY_BYTES);
    return {
      ok: false,
      failed: { fault: 'invalid_answer', headers, body: text, translated: true },
    };
  }
}
