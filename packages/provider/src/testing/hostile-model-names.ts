import type { ProviderSettings } from '@understudy/configuration';
import type { Dialect } from '@understudy/contracts';
import { describe, expect, test } from 'vitest';
import { callProvider } from '../call-provider.ts';
import { createDispatcher } from '../create-dispatcher.ts';
import type { ProviderConnection, ProviderKind } from '../provider-kind.ts';
import { pathSegment, UnsafeModelNameError } from '../url-path.ts';
import { providerSettings } from './provider-settings.ts';
import { startRecordingProvider } from './recording-provider.ts';
import { urlSafetyProblem, type UrlShape } from './url-shape.ts';

const NAME_GROUPS: readonly (readonly string[])[] = [
  // Parts that resolve to another path, plain and with either slash.
  ['', '.', '..', '...', './', '../', '/..', '../..', 'a/..', 'a/../b', 'a/./b', 'a//b'],
  ['../../v1/files', '..\\..\\v1', 'a\\..\\b', '/etc/passwd', '\\\\host\\share', 'a/', '/a'],
  // The same behind one or two rounds of percent-encoding.
  ['%2e', '%2e%2e', '.%2e', '%2E%2e/x', '%2e%2e%2f', 'a%2f..%2fb', '%252e%252e', '%c0%ae%c0%ae'],
  ['a%5c..%5cb', '%', '%zz', '%00', 'a%0d%0aX-Injected:%201'],
  // A query, a fragment, a parameter of a path, another method.
  ['?x=', 'a?key=stolen', 'a&b=c', '#', 'a#b', 'a?b#c', '..;/', '..;a=b', '/converse?x#'],
  ['a:streamGenerateContent', 'a:predict?x', '/invoke'],
  // Another host.
  ['//evil.example/v1', 'https://evil.example', '@evil.example', 'a@evil.example:80/', ':80'],
  ['\\evil.example', '[::1]', 'javascript:alert(1)'],
  // Control characters, line ends of several scripts, lone surrogates.
  ['a\nb', 'a\r\nHost: evil.example\r\n\r\n', 'a\rb', 'a\tb', '\u0000', 'a\u0000b', '\u001b[0m'],
  ['\u007f', 'a\u0085b', 'a\u2028b', '\ud800', 'a\udfff', '\t..', '.\t.', '.\n.'],
  // Look-alikes of dots, slashes and question marks; invisible and turning characters.
  ['\uff0e\uff0e', '\u2024\u2024', '\u3002\u3002', '\u2026', 'a\uff0fb', 'a\u2044b', 'a\u2215b'],
  ['a\uff1fb', 'a\uff03b', '\u202e..', '.\u200b.', '\ufeff..', '\u00ad..', 'cl\u0430ude-opus-5'],
  // Spaces, quotes, templates, names of members that every object has.
  [' ', ' .. ', 'a b', '..%20', '"', "'", '`', '<script>', '{model}', '$&', '|', '*', '~', '^'],
  ['__proto__', 'constructor', '(..)', ';', ','],
  // Real forms of names: ARNs, publishers' paths, versions, fine-tunes.
  ['arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-5'],
  ['arn:aws:bedrock:us-east-1:123456789012:provisioned-model/../../model/x'],
  ['projects/p/locations/l/endpoints/1', 'publishers/google/models/gemini-2.5-pro'],
  ['meta/llama-3.3-70b-instruct-maas', 'anthropic.claude-opus-4-1-20250805-v1:0'],
  ['claude-sonnet-4@20250514', 'ft:gpt-4o:acme::7p4lURel'],
  // Long ones, in one byte and in several a character.
  ['a'.repeat(4_000), '../'.repeat(1_000), '\u{1f600}'.repeat(300)],
];

/** Names that would go elsewhere, or do more, if they became part of a URL as they are. */
export const HOSTILE_MODEL_NAMES: readonly string[] = NAME_GROUPS.flat();

/** One call of a kind, whose address must hold against all hostile names. */
export interface GuardedCall {
  dialect: Dialect;
  /** A plain model of the provider's, for the address as it should be. */
  model: string;
  /** Where the model stands; default `body`. */
  modelIn?: 'body' | 'path';
}

/**
 * No model name changes where a provider's calls go: each leaves scheme, host, path prefix and
 * what follows the model as they are, or is refused with an UnsafeModelNameError; a name that
 * stands in the body changes no byte of the address. Tried on the addresses, and over real HTTP.
 * @param settings for a server at this origin
 */
export function describeUrlSafety(
  kind: ProviderKind,
  settings: (origin: string) => Partial<ProviderSettings>,
  calls: readonly GuardedCall[],
): void {
  const connectTo = (origin: string): ProviderConnection =>
    kind.connect(providerSettings(kind.name, settings(origin)));

  describe.each(calls)('hostile names of models in the dialect $dialect', (call) => {
    test('no name changes where a call goes', async () => {
      const connection = connectTo('http://127.0.0.1:9');
      const shapes = shapesOf(connection, call);
      expect(problemsOf(connection, call, shapes)).toEqual([]);
      await connection.close?.();
    });

    test('no name changes the path that a server sees', async () => {
      await using server = await startRecordingProvider('{}');
      const connection = connectTo(server.baseUrl);
      const urls = HOSTILE_MODEL_NAMES.flatMap((name) => urlsOf(connection, call.dialect, name));
      await post(urls);
      expect(server.requests.map(({ path }) => server.baseUrl + path)).toEqual(urls);
      await connection.close?.();
    });
  });
}

/** The addresses of a plain model, each with the model's place marked where it stands in the path. */
function shapesOf(connection: ProviderConnection, call: GuardedCall): UrlShape[] {
  return connection.surfaces(call.dialect, call.model).map(({ url }) => {
    if (call.modelIn !== 'path') return { before: url };
    const segment = `/${pathSegment(call.model)}`;
    const at = url.lastIndexOf(segment);
    if (at < 0) throw new Error(`The model ${call.model} does not stand in the path ${url}.`);
    return { before: url.slice(0, at + 1), after: url.slice(at + segment.length) };
  });
}

function problemsOf(
  connection: ProviderConnection,
  { dialect }: GuardedCall,
  shapes: readonly UrlShape[],
): string[] {
  return HOSTILE_MODEL_NAMES.flatMap((name) =>
    urlsOf(connection, dialect, name).flatMap((url) => {
      const problems = shapes.map((shape) => urlSafetyProblem(shape, name, url));
      const isSafe = problems.includes(undefined);
      return isSafe ? [] : [`${JSON.stringify(name.slice(0, 60))}: ${problems.join('; ')}`];
    }),
  );
}

/** None for a name that is refused as unsafe; any other error fails the test. */
function urlsOf(connection: ProviderConnection, dialect: Dialect, name: string): string[] {
  try {
    connection.dialectsOf?.({ sent: name });
    return connection.surfaces(dialect, name).map(({ url }) => url);
  } catch (error) {
    if (error instanceof UnsafeModelNameError) return [];
    throw error;
  }
}

async function post(urls: readonly string[]): Promise<void> {
  const dispatcher = createDispatcher({ connections: 1 });
  const { signal } = new AbortController();
  const body = Buffer.from('{}');
  try {
    for (const url of urls) {
      await callProvider({ url, headers: {}, body, timeoutMs: 5000, signal, dispatcher });
    }
  } finally {
    await dispatcher.destroy();
  }
}
