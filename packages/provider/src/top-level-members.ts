const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
/** Up to about here a walk over the bytes is cheaper than a call of native search. */
const WALKED_BYTES = 48;

const IN_STRING = 2;
/** What each byte does to the depth, or IN_STRING where a string begins. */
const NESTING = new Int8Array(256);
NESTING[OPEN_BRACE] = 1;
NESTING[OPEN_BRACKET] = 1;
NESTING[CLOSE_BRACE] = -1;
NESTING[CLOSE_BRACKET] = -1;
NESTING[QUOTE] = IN_STRING;

/** One member of a JSON object, by byte offsets; ends are exclusive. */
export interface Member {
  name: string;
  keyStart: number;
  valueStart: number;
  valueEnd: number;
}

export interface ScannedObject {
  /** Offset of the opening brace. */
  open: number;
  /** Offset of the closing brace. */
  close: number;
  /** In the order of the text; a name can come more than once. */
  members: Member[];
}

/** A byte range; the end is exclusive. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Where the value of each top-level member of a JSON object stands, so that one can be cut out
 * without being parsed and written anew. Of members with the same name the last counts, as in
 * `JSON.parse`.
 * @throws SyntaxError when the bytes are no JSON object
 */
export function topLevelMembers(body: Uint8Array): Map<string, ByteRange> {
  const ranges = new Map<string, ByteRange>();
  for (const { name, valueStart, valueEnd } of scanTopLevel(body).members) {
    ranges.set(name, { start: valueStart, end: valueEnd });
  }
  return ranges;
}

/**
 * Walks over an object once, looking into nothing but its own keys. Nested values are only
 * measured: whether they are valid JSON is for whoever accepted the body to say.
 * @throws SyntaxError when the bytes are no JSON object
 */
export function scanTopLevel(body: Uint8Array): ScannedObject {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const open = afterSpace(bytes, 0);
  if (bytes[open] !== OPEN_BRACE) throw malformed(open, 'an object');
  const members: Member[] = [];
  let at = afterSpace(bytes, open + 1);
  if (bytes[at] !== CLOSE_BRACE) {
    for (;;) {
      const member = readMember(bytes, at);
      members.push(member);
      at = afterSpace(bytes, member.valueEnd);
      if (bytes[at] === CLOSE_BRACE) break;
      if (bytes[at] !== COMMA) throw malformed(at, "',' or '}'");
      at = afterSpace(bytes, at + 1);
    }
  }
  const rest = afterSpace(bytes, at + 1);
  if (rest !== bytes.length) throw malformed(rest, 'the end');
  return { open, close: at, members };
}

function readMember(bytes: Buffer, keyStart: number): Member {
  if (bytes[keyStart] !== QUOTE) throw malformed(keyStart, 'a key');
  const keyEnd = endOfString(bytes, keyStart);
  const colon = afterSpace(bytes, keyEnd);
  if (bytes[colon] !== COLON) throw malformed(colon, "':'");
  const valueStart = afterSpace(bytes, colon + 1);
  return {
    name: readKey(bytes, keyStart, keyEnd),
    keyStart,
    valueStart,
    valueEnd: endOfValue(bytes, valueStart),
  };
}

// A key may be spelled with escapes: "mod\u0065l" is `model`.
function readKey(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
}

function endOfValue(bytes: Buffer, start: number): number {
  const first = bytes[start];
  if (first === QUOTE) return endOfString(bytes, start);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfNested(bytes, start);
  let at = start;
  while (at < bytes.length && !endsScalar(bytes[at])) at++;
  if (at === start) throw malformed(start, 'a value');
  return at;
}

function endOfNested(bytes: Buffer, start: number): number {
  const { length } = bytes;
  let depth = 0;
  for (let at = start; at < length; at++) {
    const step = NESTING[bytes[at] ?? 0] ?? 0;
    if (step === 0) continue;
    if (step === IN_STRING) {
      at = endOfString(bytes, at) - 1;
      continue;
    }
    depth += step;
    if (depth === 0) return at + 1;
  }
  throw malformed(length, 'the end of an object or array');
}

// Walks a little and then lets native search jump to the next quote, and so on: short strings and
// dense escapes are cheap to walk, long prose is cheap to search.
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  for (;;) {
    const walkEnd = Math.min(at + WALKED_BYTES, bytes.length);
    for (; at < walkEnd; at++) {
      if (bytes[at] === QUOTE) return at + 1;
      if (bytes[at] === BACKSLASH) at++;
    }
    const quote = bytes.indexOf(QUOTE, at);
    if (quote === -1) throw malformed(bytes.length, 'the end of a string');
    if (!isEscaped(bytes, start, quote)) return quote + 1;
    at = quote + 1;
  }
}

function isEscaped(bytes: Buffer, stringStart: number, quote: number): boolean {
  let first = quote;
  while (first - 1 > stringStart && bytes[first - 1] === BACKSLASH) first--;
  return (quote - first) % 2 === 1;
}

function afterSpace(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && isSpace(bytes[at])) at++;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function endsScalar(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || isSpace(byte);
}

function malformed(offset: number, expected: string): SyntaxError {
  return new SyntaxError(`Body is no JSON object: expected ${expected} at byte ${offset}.`);
}
