import type { JsonLimits } from '@understudy/configuration';
import { BrokerError } from '@understudy/contracts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** A text is read byte by byte until it turns out to be longer. */
const SHORT_TEXT = 256;

const SUSPECTS = ['__proto__', 'constructor'];
/** A character that is escaped takes six bytes. */
const LONGEST_SUSPECT = 6 * 'constructor'.length;

/**
 * Looks at the bytes of JSON before anything is made of them: millions of empty arrays, or members
 * of as many names, take seconds to parse and milliseconds to count. What is no JSON is left for
 * the parser to refuse; of what is, each text and member is found exactly.
 * @returns whether a member has a name by which a prototype could be changed
 * @throws BrokerError naming the limit, never the content
 */
export function scanShape(bytes: Buffer, limits: JsonLimits): boolean {
  let [depth, containers, keys, commas] = [0, 0, 0, 0];
  let suspicious = false;
  let [textFrom, textEnd] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    switch (bytes[at] ?? 0) {
      case QUOTE:
        textFrom = at + 1;
        textEnd = endOfText(bytes, textFrom);
        if (textEnd - textFrom > limits.jsonStringCharacters) {
          refuseLongText(bytes.subarray(textFrom, textEnd), limits.jsonStringCharacters);
        }
        at = textEnd;
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        depth += 1;
        containers += 1;
        if (depth > limits.jsonDepth) {
          throw refusal(`is nested deeper than ${limits.jsonDepth} levels`);
        }
        if (containers > limits.jsonContainers) {
          throw refusal(`has more than ${limits.jsonContainers} objects and arrays`);
        }
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        depth -= 1;
        break;
      case COMMA:
        commas += 1;
        if (commas >= limits.jsonValues) {
          throw refusal(`has more than ${limits.jsonValues} values`);
        }
        break;
      case COLON:
        keys += 1;
        if (keys > limits.jsonKeys) throw refusal(`has more than ${limits.jsonKeys} members`);
        suspicious ||=
          textEnd - textFrom <= LONGEST_SUSPECT && isSuspect(bytes.subarray(textFrom, textEnd));
        break;
      default:
    }
  }
  return suspicious;
}

/** Where the closing quote stands, or the end of the bytes where there is none. */
function endOfText(bytes: Buffer, from: number): number {
  let at = from;
  let jumpsAt = from + SHORT_TEXT;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (at > jumpsAt && byte !== BACKSLASH) {
      // In a long text, as of a picture, all up to the next quote is passed in one step.
      const quote = bytes.indexOf(QUOTE, at);
      if (quote === -1) return bytes.length;
      const slash = lastNonBackslash(bytes, at, quote);
      if ((quote - slash) % 2 === 1) return quote;
      at = quote + 1;
      jumpsAt = at + SHORT_TEXT;
    } else {
      at += byte === BACKSLASH ? 2 : 1;
    }
  }
  return bytes.length;
}

/** Of the backslashes right before a quote, the place before the first. */
function lastNonBackslash(bytes: Buffer, from: number, quote: number): number {
  let at = quote - 1;
  while (at > from && bytes[at] === BACKSLASH) at -= 1;
  return at;
}

/** Characters are counted as JavaScript does; there are never more of them than bytes. */
function refuseLongText(text: Buffer, longest: number): void {
  if ((textOf(text)?.length ?? 0) <= longest) return;
  throw refusal(`has a text of more than ${longest} characters`);
}

function isSuspect(name: Buffer): boolean {
  const [first, last] = [name[0], name.at(-1)];
  // Most names are told by their ends: nothing is made of those.
  if (first !== 0x5f && first !== 0x63 && first !== BACKSLASH) return false;
  if (last !== 0x5f && last !== 0x72 && !name.includes(BACKSLASH)) return false;
  return SUSPECTS.includes(textOf(name) ?? '');
}

/** What stands between quotes, its escapes resolved; undefined where it is no JSON. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return String(JSON.parse(`"${bytes.toString('utf8')}"`));
  } catch {
    return undefined;
  }
}

function refusal(what: string): BrokerError {
  return new BrokerError('invalid_json', `the body ${what}`);
}
