import { judge } from '@understudy/verdicts';
import { describe, expect, test } from 'vitest';
import type { CallResult } from '../call-provider.ts';
import { type EvaluatedAnswer, evaluateAnswer } from '../evaluate-answer.ts';
import type { ProviderKind } from '../provider-kind.ts';
import { bodyAsSent, type ExpectedCall, type ExpectedProvider, roundTrip } from './round-trip.ts';
import { SAMPLE_ANSWERS, SAMPLE_OUTCOMES } from './sample-answers.ts';
import { sampleFailures } from './sample-failures.ts';
import { SAMPLE_REQUESTS } from './sample-requests.ts';

/** What is asked of a provider and what it answers, beyond plain text, in one of its dialects. */
export function describeExchanges(
  kind: ProviderKind,
  expected: ExpectedProvider,
  call: ExpectedCall,
): void {
  const plain = SAMPLE_ANSWERS[call.dialect];
  const requests = Object.entries(SAMPLE_REQUESTS[call.dialect] ?? {});
  const outcomes = SAMPLE_OUTCOMES[call.dialect] ?? [];

  for (const [title, members] of requests) {
    test(`a request for ${title} arrives byte for byte`, async () => {
      const { request } = await roundTrip(kind, expected, call, { answer: plain, members });
      expect(request.body).toBe(bodyAsSent(call, members));
      expect(() => JSON.parse(request.body)).not.toThrow();
    });
  }

  for (const [index, { title, body, refusal }] of outcomes.entries()) {
    test(`${title} (${index + 1}) comes back byte for byte and is understood`, async () => {
      const { result } = await roundTrip(kind, expected, call, { answer: body });
      expect(answerOf(result).body.toString()).toBe(body);
      expect(evaluate(call, result)).toMatchObject({
        ok: true,
        refusal,
        usage: { input_tokens: 3 },
      });
    });
  }

  test.each([
    ['is cut off on the way', plain.trimEnd().slice(0, -20), 'truncated_answer'],
    ['is empty', ' \n', 'empty_answer'],
    ['is a web page', '<html><body>Bad gateway</body></html>', 'invalid_answer'],
    ['is an object of another make', '{"ok":true}', 'invalid_answer'],
  ])('an answer that %s is none', async (_, answer, fault) => {
    const { result, connection } = await roundTrip(kind, expected, call, { answer });
    const evaluated = evaluate(call, result);
    if (evaluated.ok) throw new Error('It was taken for an answer.');
    expect(evaluated.failed.fault).toBe(fault);
    const tables = { operator: [], provider: connection.rules };
    expect(judge(evaluated.failed, tables, 0).verdict).toBe('next');
  });

  describe('an error answer', () => {
    test.each(sampleFailures(call.dialect))('of $status, $title, is $verdict', async (failure) => {
      const { status, headers = {}, body, verdict, retryAfterMs, windowExceeded } = failure;
      const exchange = { answer: body, status, headers };
      const { result, connection } = await roundTrip(kind, expected, call, exchange);
      const evaluated = evaluate(call, result);
      if (evaluated.ok) throw new Error('It was taken for an answer.');
      expect(evaluated.failed).toMatchObject({ status, body });
      const judged = judge(evaluated.failed, { operator: [], provider: connection.rules }, 0);
      expect({
        verdict: judged.verdict,
        retryAfterMs: judged.retryAfterMs,
        windowExceeded: judged.rule.windowExceeded,
      }).toEqual({ verdict, retryAfterMs, windowExceeded });
    });
  });
}

function answerOf(result: CallResult): Extract<CallResult, { kind: 'answer' }> {
  if (result.kind !== 'answer') throw new Error(`No answer: ${result.kind}.`);
  return result;
}

function evaluate({ dialect }: ExpectedCall, result: CallResult): EvaluatedAnswer {
  const { status, headers, body } = answerOf(result);
  return evaluateAnswer(dialect, status, headers, body);
}
