import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { hostileForm, hostileJson } from './hostile-body.ts';
import type { HostileBody } from './hostile-body.ts';
import type { HostileRequest } from './hostile-request.ts';
import { hostileText } from './hostile-value.ts';
import type { EndpointGroup, Operation } from './operations.ts';
import { schemaValue } from './schema-value.ts';
import type { KnownValues } from './schema-value.ts';

/** What a caller may hold. */
export type Credential = 'good' | 'none';

export type Header = readonly [name: string, value: string];

/** Headers that the API reads, and others that software in between does. */
const HEADER_NAMES = [
  'idempotency-key',
  'prefer',
  'if-none-match',
  'last-event-id',
  'traceparent',
  'x-stainless-retry-count',
  'understudy-priority',
  'understudy-callback-url',
  'understudy-callback-events',
  'understudy-expires-in',
  'understudy-metadata',
  'understudy-providers',
  'understudy-nonsense',
  'range',
  'accept',
  'accept-encoding',
  'cookie',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-http-method-override',
  'anthropic-version',
  'anthropic-beta',
  'openai-organization',
  'authorization',
  'x-api-key',
  '__proto__',
] as const;

const HEADER_VALUES = [
  'wait=0',
  'wait=-1',
  'wait=99999999999999999999',
  'respond-async',
  '*',
  'W/"x"',
  '0',
  '1',
  '99999999999999999999-0',
  '{"a":"b"}',
  '{"__proto__":"x"}',
  '{"a":"\\ud800"}',
  '[1]',
  'only=main',
  'except=',
  'only=,,,',
  '1e3',
  'bytes=0-',
  'bytes=99999999999999-1',
  'bytes=-1,0-5',
  'http://127.0.0.1:6379/',
  '00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-01',
] as const;

/** Whatever is in a header, it is one line: broken lines are sent over sockets of their own. */
const headerText: Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<string>(...HEADER_VALUES) },
  {
    weight: 1,
    arbitrary: hostileText.map((text) => text.slice(0, 4000).replaceAll(/[\r\n\0]/g, '')),
  },
);
const header: Arbitrary<Header> = fc.tuple(fc.constantFrom(...HEADER_NAMES), headerText);

const headers: Arbitrary<Header[]> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Header[]>([]) },
  { weight: 4, arbitrary: fc.array(header, { maxLength: 4 }) },
  { weight: 1, arbitrary: header.map((one): Header[] => [one, one]) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 100, max: 1500 })
      .map((count) => Array.from({ length: count }, (_, index): Header => [`x-${index}`, '1'])),
  },
);

const ODD_METHODS = ['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'] as const;

/** Requests to the endpoints of a group, made from the API's own document and then spoilt. */
export function fuzzedRequest(
  { operations }: EndpointGroup,
  known: KnownValues,
  key: readonly Header[],
): Arbitrary<HostileRequest> {
  // Made once: building what makes a value of a pattern takes longer than many requests do.
  const requests = operations.map((operation) =>
    fc.record({
      operation: fc.constant(`${operation.method} ${operation.path}`),
      method: methodFor(operation),
      target: targetFor(operation, known),
      more: headers,
      body: bodyFor(operation, known),
    }),
  );
  return fc.oneof(...requests).map(({ operation, method, target, more, body }) => ({
    operation,
    method,
    target,
    headers: [...key, ...more, ...labels(body)].map(([name, value]) => [name, latin1(value)]),
    ...(body === undefined ? {} : { body: body.bytes }),
  }));
}

function methodFor({ method }: Operation): Arbitrary<string> {
  return fc.oneof(
    { weight: 15, arbitrary: fc.constant(method) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD_METHODS) },
  );
}

function bodyFor(
  { body, method, path }: Operation,
  known: KnownValues,
): Arbitrary<HostileBody | undefined> {
  const none = fc.constant(undefined);
  if (body === undefined) {
    const unasked = hostileJson(schemaValue({ type: 'object' }, known));
    return fc.oneof({ weight: method === 'GET' ? 9 : 3, arbitrary: none }, unasked);
  }
  const some =
    body.contentType === 'multipart/form-data'
      ? hostileForm
      : hostileJson(schemaValue(body.schema, known, `${method} ${path}`));
  return fc.oneof({ weight: 15, arbitrary: some }, none);
}

function labels(body: HostileBody | undefined): Header[] {
  const { contentType, contentEncoding } = body ?? {};
  return [
    ...(contentType === undefined ? [] : [['content-type', contentType] as const]),
    ...(contentEncoding === undefined ? [] : [['content-encoding', contentEncoding] as const]),
  ];
}

function targetFor({ path, query }: Operation, known: KnownValues): Arbitrary<string> {
  const segments = path.split('/').map((segment, index, all) => {
    const [, name] = /^\{(.*)\}$/.exec(segment) ?? [];
    if (name === undefined) return fc.constant(segment);
    return parameter(known[`${all[index - 1] ?? ''}.${name}`] ?? known[name] ?? ['x']);
  });
  const parts = fc.array(fc.oneof(...queryParts(query, known)), { maxLength: 3 });
  const search = fc.oneof({ weight: 2, arbitrary: fc.constant<string[]>([]) }, parts);
  return fc.tuple(fc.tuple(...segments), search).map(([names, given]) => {
    const start = names.join('/');
    return `${start}${given.length === 0 ? '' : `?${given.join('&')}`}`.slice(0, 12_000);
  });
}

/** What an id in a path may be: one that is there, one nearly like it, or anything. */
function parameter(there: readonly unknown[]): Arbitrary<string> {
  const real = fc.constantFrom(...there.map(String));
  const nearly = fc
    .tuple(real, fc.nat(40), fc.string({ maxLength: 2 }))
    .map(([id, at, inserted]) => `${id.slice(0, at)}${escaped(inserted)}${id.slice(at + 1)}`);
  return fc.oneof(
    { weight: 3, arbitrary: real },
    { weight: 2, arbitrary: nearly },
    { weight: 2, arbitrary: hostileText.map((text) => escaped(text.slice(0, 3000))) },
    // As they are: broken escapes, dots, and bytes that are no ASCII.
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '%',
        '%zz',
        '%c0%af',
        '..',
        '.',
        '%2e%2e',
        '%00',
        'é',
        '%ff',
        '*',
        '',
      ),
    },
  );
}

function queryParts(query: Operation['query'], known: KnownValues): Arbitrary<string>[] {
  const stated = query.map(({ name, schema }) =>
    fc
      .oneof({ weight: 2, arbitrary: schemaValue(schema, known, name) }, hostileText)
      .map((value) => `${name}=${escaped(String(value).slice(0, 2000))}`),
  );
  const unknown = fc
    .tuple(
      fc.constantFrom('x', '__proto__', 'a[b]', 'limit', 'after', '', 'constructor[prototype]'),
      hostileText,
    )
    .map(([name, text]) => `${name}=${escaped(text.slice(0, 500))}`);
  return [...stated, ...stated, unknown];
}

function escaped(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** UTF-8 as its bytes, which is how a client sends it. */
function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
