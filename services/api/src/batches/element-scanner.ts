import { BrokerError } from '@understudy/contracts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACES: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const LONGEST_KEY_BYTES = 1000;

/**
 * document → key → colon → value ─┬→ afterValue → key … → end
 *                                 └ the array: firstElement → element → afterElement → nextElement …
 */
type State =
  | 'document'
  | 'firstKey'
  | 'key'
  | 'inKey'
  | 'colon'
  | 'value'
  | 'array'
  | 'firstElement'
  | 'nextElement'
  | 'element'
  | 'afterElement'
  | 'afterValue'
  | 'end';

export interface ElementScanner {
  /** The elements that end in this chunk; their bytes may be the chunk's own, and no others are kept. */
  push(chunk: Uint8Array): Generator<Buffer>;
  /** Whether the document has come to its end. */
  isComplete(): boolean;
  /** Whether the array was there. */
  isFound(): boolean;
}

/**
 * Cuts the elements of one array out of a JSON document that comes in chunks. Looks into nothing
 * but the document's own keys: whether an element is valid JSON is for its reader to say.
 */
export function createElementScanner(member: string, mostBytes: number): ElementScanner {
  let state: State = 'document';
  let found = false;
  let position = 0;
  /** Of what is being passed over or collected: open brackets, and where in a string it is. */
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** Copies of what is being collected out of chunks before the present one, whose memory may be gone. */
  let pieces: Buffer[] = [];
  let collected = 0;

  const malformed = (): BrokerError =>
    new BrokerError(
      'invalid_json',
      `the body is not JSON: unexpected character at position ${position}`,
    );

  /** Follows strings and brackets. True where the bracket that was opened first is closed. */
  const closes = (byte: number): boolean => {
    if (inString) {
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) inString = false;
      return false;
    }
    if (byte === QUOTE) inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    return depth === 0 && !inString;
  };

  const collect = (piece: Buffer, most: number, what: string): void => {
    collected += piece.length;
    if (collected > most) {
      throw new BrokerError('body_too_large', `${what} is longer than ${most} bytes`);
    }
    pieces.push(piece);
  };
  const take = (): Buffer => {
    const [first] = pieces;
    const whole = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
    pieces = [];
    collected = 0;
    return whole;
  };

  /** What one byte outside of keys, elements and passed-over values leads to. */
  const next = (byte: number): State => {
    switch (state) {
      case 'document':
        if (byte === OPEN_BRACE) return 'firstKey';
        break;
      case 'firstKey':
        if (byte === CLOSE_BRACE) return 'end';
        if (byte === QUOTE) return 'inKey';
        break;
      case 'key':
        if (byte === QUOTE) return 'inKey';
        break;
      case 'colon':
        if (byte === COLON) return nameOf(take()) === member ? 'array' : 'value';
        break;
      case 'array':
        if (byte !== OPEN_BRACKET) throw notAn('array', member);
        if (found) throw malformed();
        found = true;
        return 'firstElement';
      case 'firstElement':
      case 'nextElement':
        if (byte === CLOSE_BRACKET && state === 'firstElement') return 'afterValue';
        if (byte === OPEN_BRACE) return 'element';
        throw notAn('object', `${member}[]`);
      case 'afterElement':
        if (byte === COMMA) return 'nextElement';
        if (byte === CLOSE_BRACKET) return 'afterValue';
        break;
      case 'afterValue':
        if (byte === COMMA) return 'key';
        if (byte === CLOSE_BRACE) return 'end';
        break;
      case 'end':
      case 'inKey':
      case 'element':
      case 'value':
    }
    throw malformed();
  };

  function nameOf(key: Buffer): unknown {
    try {
      return JSON.parse(key.toString('utf8'));
    } catch {
      throw malformed();
    }
  }

  return {
    isComplete: () => state === 'end',
    isFound: () => found,
    *push(given) {
      const chunk = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
      const base = position;
      let start = 0;
      for (let index = 0; index < chunk.length; index += 1) {
        const byte = chunk[index] ?? 0;
        position = base + index;
        if (state === 'element') {
          if (!closes(byte)) continue;
          collect(chunk.subarray(start, index + 1), mostBytes, `an element of ${member}`);
          state = 'afterElement';
          yield take();
        } else if (state === 'inKey') {
          closes(byte);
          if (inString) continue;
          collect(copyOf(chunk.subarray(start, index + 1)), LONGEST_KEY_BYTES, 'a member name');
          state = 'colon';
        } else if (state === 'value') {
          const isOutside = depth === 0 && !inString;
          if (isOutside && byte === COMMA) state = 'key';
          else if (isOutside && byte === CLOSE_BRACE) state = 'end';
          else closes(byte);
        } else if (!SPACES.has(byte)) {
          state = next(byte);
          start = index;
          if (state === 'element' || state === 'inKey') {
            depth = 0;
            closes(byte);
          } else if (state === 'value') depth = 0;
        }
      }
      position = base + chunk.length;
      if (state === 'element') {
        collect(copyOf(chunk.subarray(start)), mostBytes, `an element of ${member}`);
      } else if (state === 'inKey') {
        collect(copyOf(chunk.subarray(start)), LONGEST_KEY_BYTES, 'a member name');
      }
    },
  };
}

function copyOf(bytes: Buffer): Buffer {
  return Buffer.from(bytes);
}

function notAn(thing: string, path: string): BrokerError {
  return new BrokerError('invalid_request', `${path}: must be an ${thing}`, { param: path });
}
