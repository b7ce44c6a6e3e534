import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { PROTOTYPE_NAMES, hostileText, hostileValue, mutated } from './hostile-value.ts';

/** The bytes of a body, and what its header says of them. */
export interface HostileBody {
  bytes: Uint8Array;
  contentType?: string;
  /** Compressed, or said to be. */
  contentEncoding?: string;
}

const CONTENT_TYPES = [
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'APPLICATION/JSON',
  'application/json;',
  'application/json\t',
  'application/json, text/plain',
  'application/jsonx',
  'application/problem+json',
  'application/x-www-form-urlencoded',
  'text/plain',
  'text/plain; boundary=x',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  `multipart/form-data; boundary=${'-'.repeat(400)}`,
  'application/xml',
  '*/*',
  '/',
  ';',
  '',
] as const;

/** Bodies of JSON: most nearly as given, some no JSON at all. */
export function hostileJson(right: Arbitrary<unknown>): Arbitrary<HostileBody> {
  const near = mutated(right).map((value) => textBytes(JSON.stringify(value)));
  const bytes = fc.oneof(
    { weight: 12, arbitrary: near },
    { weight: 3, arbitrary: fc.tuple(near, fc.nat(), fc.nat(6)).map(broken) },
    { weight: 1, arbitrary: hostileValue.map((value) => textBytes(JSON.stringify(value))) },
    { weight: 1, arbitrary: fc.tuple(near, fc.constantFrom(...PROTOTYPE_NAMES)).map(poisoned) },
    { weight: 1, arbitrary: fc.integer({ min: 60, max: 20_000 }).map(deep) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  );
  return labelled('application/json', bytes);
}

/** Forms with a file; most nearly right, some cut or doubled. */
const formBytes: Arbitrary<Uint8Array> = fc
  .record({
    purpose: fc.oneof({ weight: 3, arbitrary: fc.constant('batch') }, hostileText),
    filename: fc.oneof({ weight: 2, arbitrary: fc.constant('lines.jsonl') }, hostileText),
    content: fc.oneof(
      fc.constant('{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{}}\n'),
      hostileText,
      fc.integer({ min: 1000, max: 200_000 }).map((size) => `{"a":"${'x'.repeat(size)}"}`),
    ),
    more: fc.oneof(
      { weight: 2, arbitrary: fc.constant<[string, string][]>([]) },
      { weight: 1, arbitrary: fc.array(fc.tuple(hostileText, hostileText), { maxLength: 30 }) },
    ),
    twice: fc.integer({ min: 0, max: 3 }).map((one) => one === 0),
    cutAt: fc.option(fc.nat(400), { freq: 1 }),
  })
  .map(({ purpose, filename, content, more, twice, cutAt }) => {
    const file = part(`name="file"; filename="${filename}"`, content);
    const fields = more.map(([name, value]) => part(`name="${name}"`, value));
    const parts = [part('name="purpose"', purpose), ...fields, file, ...(twice ? [file] : [])];
    const whole = textBytes(`${parts.join('')}--edge--\r\n`);
    return cutAt === null ? whole : whole.subarray(0, cutAt);
  });

/** Forms with a file, some of them said to be something else. */
export const hostileForm: Arbitrary<HostileBody> = labelled(
  'multipart/form-data; boundary=edge',
  formBytes,
);

type Label = (bytes: Uint8Array) => HostileBody;

/** What the headers say of a body: mostly what it is. */
function labelled(contentType: string, bytes: Arbitrary<Uint8Array>): Arbitrary<HostileBody> {
  const right = fc.constant<Label>((body) => ({ bytes: body, contentType }));
  const other = fc.constantFrom(...CONTENT_TYPES).map((wrong): Label => (body) => ({
    bytes: body,
    contentType: wrong,
  }));
  const encoded = fc
    .constantFrom('gzip', 'deflate', 'br', 'zstd', 'gzip, gzip', 'identity', 'x', '')
    .map((contentEncoding): Label => (body) => ({
      bytes: contentEncoding.startsWith('gzip') ? gzipSync(body) : body,
      contentType,
      contentEncoding,
    }));
  const label = fc.oneof(
    { weight: 12, arbitrary: right },
    { weight: 2, arbitrary: other },
    { weight: 1, arbitrary: fc.constant<Label>((body) => ({ bytes: body })) },
    { weight: 1, arbitrary: encoded },
  );
  return fc.tuple(bytes, label).map(([body, says]) => says(body));
}

function part(disposition: string, content: string): string {
  return `--edge\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
}

function textBytes(text: string | undefined): Uint8Array {
  return Buffer.from(text ?? '', 'utf8');
}

/** Cut short, with something behind it, or with a byte changed. */
function broken([bytes, place, kind]: [Uint8Array, number, number]): Uint8Array {
  const at = place % Math.max(bytes.length, 1);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  const inserted = [[], [0], [0xff, 0xfe], [0xc3], [0x5c], [0x0a], [0xef, 0xbb, 0xbf]][kind] ?? [];
  return inserted.length === 0 ? head : Buffer.concat([head, Buffer.from(inserted), tail]);
}

/** A member of every object in the text itself, where a parser cannot have lost it. */
function poisoned([bytes, name]: [Uint8Array, string]): Uint8Array {
  const text = Buffer.from(bytes).toString('utf8');
  const member = `"${name}":{"prototype":{"polluted":true},"polluted":true}`;
  return textBytes(text.replace('{', `{${member}${text.startsWith('{}') ? '' : ','}`));
}

/** Deeper than a stack. */
function deep(levels: number): Uint8Array {
  return textBytes(`{"model":"chat","a":${'['.repeat(levels)}${']'.repeat(levels)}}`);
}
