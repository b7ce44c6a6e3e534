import type { ProviderSettings } from '@understudy/configuration';
import { describe, expect, test } from 'vitest';
import { callProvider, type CallResult, createDispatcher } from '../call-provider.ts';
import { editTopLevel } from '../edit-top-level.ts';
import { evaluateAnswer } from '../evaluate-answer.ts';
import type { NamedModel, ProviderConnection, ProviderKind } from '../provider-kind.ts';
import { describeUrlSafety } from './hostile-model-names.ts';
import { providerSettings } from './provider-settings.ts';
import { type RecordedRequest, startRecordingProvider } from './recording-provider.ts';
import { SAMPLE_ANSWERS } from './sample-answers.ts';

export * from './hostile-model-names.ts';
export * from './listen-on-loopback.ts';
export * from './provider-settings.ts';
export * from './recording-provider.ts';

/** One dialect of a provider, as it must look on the wire. */
export interface ExpectedCall {
  dialect: keyof typeof SAMPLE_ANSWERS;
  /** The provider's own name for the model. */
  model: string;
  /** Path and query below the server's origin. */
  path: string;
  /** Where the model stands; default `body`. */
  modelIn?: 'body' | 'path';
  /** Top-level members the provider demands, beside the model. */
  demanded?: Readonly<Record<string, unknown>>;
}

export interface ExpectedProvider {
  /** Settings for a server at this origin. */
  settings: (origin: string) => Partial<ProviderSettings>;
  /** The secret those settings hold; must reach the provider and no message. */
  secret: string;
  /** Lower-cased headers every call carries. */
  headers: Readonly<Record<string, string>>;
  calls: readonly ExpectedCall[];
}

/**
 * What every kind of provider must do, tried over real HTTP: the caller's body arrives byte for
 * byte but for the edits a provider demands, at the right path, with its credentials; the answer
 * comes back byte for byte; and no error quotes a credential.
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
    describeUrlSafety(kind, expected.settings, expected.calls);
  });
}

/** Without our name: what a kind says of a model by the provider's own name alone. */
function namedModel(sent: string): NamedModel {
  return { sent };
}

function describeCall(kind: ProviderKind, expected: ExpectedProvider, call: ExpectedCall): void {
  const answer = SAMPLE_ANSWERS[call.dialect];

  describe(`in the dialect ${call.dialect}`, () => {
    test('a call goes to the right path with its credentials', async () => {
      const { request } = await roundTrip(kind, expected, call, answer);
      expect(request.method).toBe('POST');
      expect(request.path).toBe(call.path);
      expect(request.headers).toMatchObject({
        'content-type': 'application/json',
        ...expected.headers,
      });
      expect(JSON.stringify(request.headers)).toContain(expected.secret);
      expect(request.path + request.body).not.toContain(expected.secret);
    });

    test('the body arrives byte for byte, with the model as the provider names it', async () => {
      const { request } = await roundTrip(kind, expected, call, answer);
      expect(request.body).toBe(bodyAsSent(call));
    });

    test('a good answer comes back byte for byte and is understood', async () => {
      const { result } = await roundTrip(kind, expected, call, answer);
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
  });
}

const REST = `"vendor_extra" : 12345678901234567890, "nested":{"model":"x","stream":true}`;

/** A caller's body with wishes that are never passed on, and members nobody here knows. */
function bodyOfCaller(): string {
  return `{"stream":true, "model" : "asked-name", ${REST},"stream_options":{"include_usage":true},"background":true}`;
}

function bodyAsSent({ model, modelIn = 'body', demanded = {} }: ExpectedCall): string {
  const added = Object.entries(demanded).map(
    ([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  const first = modelIn === 'body' ? `"model" : ${JSON.stringify(model)}, ` : '';
  return `{${first}${REST}${added.join('')}}`;
}

function connectTo(
  kind: ProviderKind,
  expected: ExpectedProvider,
  origin: string,
): ProviderConnection {
  return kind.connect(providerSettings(kind.name, expected.settings(origin)));
}

async function roundTrip(
  kind: ProviderKind,
  expected: ExpectedProvider,
  call: ExpectedCall,
  answer: string,
): Promise<{ request: RecordedRequest; result: CallResult }> {
  await using provider = await startRecordingProvider(answer);
  const result = await send(connectTo(kind, expected, provider.baseUrl), call);
  const [request] = provider.requests;
  if (request === undefined) throw new Error('The provider received no request.');
  return { request, result };
}

async function send(connection: ProviderConnection, call: ExpectedCall): Promise<CallResult> {
  const [surface] = connection.surfaces(call.dialect, call.model);
  if (surface === undefined) throw new Error(`No surface serves ${call.dialect}.`);
  const { signal } = new AbortController();
  const dispatcher = createDispatcher({ connections: 1 });
  try {
    return await callProvider({
      url: surface.url,
      headers: { ...surface.headers, ...(await connection.credentials(signal)) },
      body: editTopLevel(Buffer.from(bodyOfCaller()), surface.edits),
      timeoutMs: 5000,
      signal,
      dispatcher,
    });
  } finally {
    await connection.close?.();
    await dispatcher.destroy();
  }
}
