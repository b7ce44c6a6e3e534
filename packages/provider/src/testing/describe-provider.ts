import { describe, expect, test } from 'vitest';
import { evaluateAnswer } from '../evaluate-answer.ts';
import type { NamedModel, ProviderKind } from '../provider-kind.ts';
import { describeExchanges } from './describe-exchanges.ts';
import { describeUrlSafety } from './hostile-model-names.ts';
import {
  bodyAsSent,
  connectTo,
  type ExpectedCall,
  type ExpectedProvider,
  roundTrip,
  send,
} from './round-trip.ts';
import { SAMPLE_ANSWERS } from './sample-answers.ts';

export * from './aws-event-frame.ts';
export * from './hostile-model-names.ts';
export * from './listen-on-loopback.ts';
export * from './provider-settings.ts';
export * from './recording-provider.ts';
export type { ExpectedCall, ExpectedProvider } from './round-trip.ts';

/**
 * What every kind of provider must do, tried over real HTTP: the caller's body arrives byte for
 * byte but for the edits a provider demands, at the right path, with its credentials; the answer
 * comes back byte for byte, is told apart from refusals, cut answers and every family of errors; and
 * no error quotes a credential.
 */
export function describeProvider(kind: ProviderKind, expected: ExpectedProvider): void {
  describe(`a provider of kind ${kind.name}`, () => {
    test('speaks exactly the dialects that are tried here', async () => {
      const connection = connectTo(kind, expected, 'http://127.0.0.1:9');
      const spoken = expected.calls.flatMap(
        ({ model }) => connection.dialectsOf?.(namedModel(model)) ?? [],
      );
      const tried = new Set(expected.calls.map(({ dialect }) => dialect));
      expect(new Set([...connection.dialects, ...spoken])).toEqual(tried);
    });

    for (const call of expected.calls) describeCall(kind, expected, call);
    const anyModel = expected.calls.filter(({ ownPath }) => ownPath === undefined);
    describeUrlSafety(kind, expected.settings, anyModel);
  });
}

/** Without our name: what a kind says of a model by the provider's own name alone. */
function namedModel(sent: string): NamedModel {
  return { sent };
}

function describeCall(kind: ProviderKind, expected: ExpectedProvider, call: ExpectedCall): void {
  const answer = SAMPLE_ANSWERS[call.dialect];

  describe(`in the dialect ${call.dialect} at ${call.path}`, () => {
    test('a call goes to the right path with its credentials', async () => {
      const { request, connection } = await roundTrip(kind, expected, call, { answer });
      expect(request.method).toBe('POST');
      expect(request.path).toBe(call.path);
      expect(request.headers).toMatchObject({
        'content-type': 'application/json',
        ...expected.headers,
      });
      // Who signs proves that the secret is there, and sends it nowhere.
      const sends = connection.sign === undefined;
      expect(JSON.stringify(request.headers).includes(expected.secret)).toBe(sends);
      expect(request.path + request.body).not.toContain(expected.secret);
    });

    test('the body arrives byte for byte, with the model as the provider names it', async () => {
      const { request } = await roundTrip(kind, expected, call, { answer });
      expect(request.body).toBe(bodyAsSent(call));
    });

    test('a good answer comes back byte for byte and is understood', async () => {
      const { result } = await roundTrip(kind, expected, call, { answer });
      if (result.kind !== 'answer') throw new Error(`no answer: ${result.kind}`);
      expect(result.body.toString()).toBe(answer);
      const evaluated = evaluateAnswer(call.dialect, result.status, result.headers, result.body);
      expect(evaluated).toMatchObject({
        ok: true,
        usage: { input_tokens: 3 },
        // Some answers do not name their model.
        ...(answer.includes('served-model') ? { modelServed: 'served-model' } : {}),
      });
    });

    test('a call that fails quotes no credentials', async () => {
      const connection = connectTo(kind, expected, 'http://127.0.0.1:1');
      const result = await send(connection, call);
      expect(result.kind).toBe('fault');
      expect(JSON.stringify(result)).not.toContain(expected.secret);
    });

    describeExchanges(kind, expected, call);
  });
}
