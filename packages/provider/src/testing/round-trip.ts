import type { ProviderSettings } from '@understudy/configuration';
import type { Dialect } from '@understudy/contracts';
import { callProvider, type CallResult } from '../call-provider.ts';
import { createDispatcher } from '../create-dispatcher.ts';
import { editTopLevel } from '../edit-top-level.ts';
import type { ProviderConnection, ProviderKind } from '../provider-kind.ts';
import { providerSettings } from './provider-settings.ts';
import { type RecordedRequest, startRecordingProvider } from './recording-provider.ts';

/** One dialect of a provider, as it must look on the wire. */
export interface ExpectedCall {
  dialect: Dialect;
  /** The provider's own name for the model. */
  model: string;
  /** Path and query below the server's origin. */
  path: string;
  /** Where the model stands; default `body`. */
  modelIn?: 'body' | 'path';
  /** The model stands in the body and yet decides on the path: another is called elsewhere. */
  ownPath?: true;
  /** Top-level members the provider demands, beside the model. */
  demanded?: Readonly<Record<string, unknown>>;
}

export interface ExpectedProvider {
  /** Settings for a server at this origin. */
  settings: (origin: string) => Partial<ProviderSettings>;
  /** The secret those settings hold; must reach the provider, unless it signs with it, and no message. */
  secret: string;
  /** Lower-cased headers every call carries. */
  headers: Readonly<Record<string, string>>;
  calls: readonly ExpectedCall[];
}

/** What the provider of a round trip answers, and what its caller asked beside the model. */
export interface Exchange {
  answer: string;
  status?: number;
  headers?: Readonly<Record<string, string>>;
  /** Members of the caller's body, as JSON without braces. */
  members?: string;
}

const PLAIN_MEMBERS = `"vendor_extra" : 12345678901234567890, "nested":{"model":"x","stream":true}`;

/** A caller's body with wishes that are never passed on, and members nobody here knows. */
function bodyOfCaller(members: string): string {
  return `{"stream":true, "model" : "asked-name", ${members},"stream_options":{"include_usage":true},"background":true}`;
}

/** The same as a provider must receive it: nothing but what it demands is changed. */
export function bodyAsSent(call: ExpectedCall, members: string = PLAIN_MEMBERS): string {
  const { model, modelIn = 'body', demanded = {} } = call;
  const added = Object.entries(demanded).map(
    ([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  const first = modelIn === 'body' ? `"model" : ${JSON.stringify(model)}, ` : '';
  return `{${first}${members}${added.join('')}}`;
}

export function connectTo(
  kind: ProviderKind,
  expected: ExpectedProvider,
  origin: string,
): ProviderConnection {
  return kind.connect(providerSettings(kind.name, expected.settings(origin)));
}

/** One call over real HTTP: what the provider received, and what came back. */
export async function roundTrip(
  kind: ProviderKind,
  expected: ExpectedProvider,
  call: ExpectedCall,
  { answer, status, headers, members }: Exchange,
): Promise<{ request: RecordedRequest; result: CallResult; connection: ProviderConnection }> {
  await using provider = await startRecordingProvider(answer, status, headers);
  const connection = connectTo(kind, expected, provider.baseUrl);
  const result = await send(connection, call, members);
  const [request] = provider.requests;
  if (request === undefined) throw new Error('The provider received no request.');
  return { request, result, connection };
}

export async function send(
  connection: ProviderConnection,
  call: ExpectedCall,
  members: string = PLAIN_MEMBERS,
): Promise<CallResult> {
  const [surface] = connection.surfaces(call.dialect, call.model);
  if (surface === undefined) throw new Error(`No surface serves ${call.dialect}.`);
  const { signal } = new AbortController();
  const dispatcher = createDispatcher({ connections: 1 });
  try {
    const { url } = surface;
    const headers = { ...surface.headers, ...(await connection.credentials(signal)) };
    const body = editTopLevel(Buffer.from(bodyOfCaller(members)), surface.edits);
    const signed = await connection.sign?.({ method: 'POST', url, headers, body }, signal);
    return await callProvider({
      url,
      headers: { ...headers, ...signed },
      body,
      timeoutMs: 5000,
      signal,
      dispatcher,
    });
  } finally {
    await connection.close?.();
    await dispatcher.destroy();
  }
}
