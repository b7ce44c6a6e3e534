import { hash } from 'node:crypto';
import { randomHex } from './random-hex.ts';

/** What the id of a thing begins with; the 26 characters after it are made alike for all. */
export type IdPrefix =
  | 'job_'
  | 'resp_'
  | 'file-'
  | 'batch_'
  | 'key_'
  | 'msgbatch_'
  /** One line of a batch's results, in OpenAI's format. */
  | 'batch_req_';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** Every two characters, in their order. */
const PAIRS = Array.from(ALPHABET).flatMap((one) => Array.from(ALPHABET, (other) => one + other));
const LENGTH = 26;
const RANDOM_BYTES = 10;
/** Of so many bits numbers are small enough to be quick; they are five digits, and four characters. */
const PART_BITS = 20;
const PART_DIGITS = 5;
const CHARACTERS = /^[0-9a-hjkmnp-tv-z]{26}$/;

/** Time-ordered, as a ULID is: 48 bits of milliseconds, then 80 random bits. */
export function createId(prefix: IdPrefix, now: number): string {
  return prefix + encodeTime(now) + encodeDigits(randomHex(RANDOM_BYTES));
}

/** The same project and key always give the same id, so that creating twice is creating once. */
export function idOfKey(prefix: IdPrefix, project: string, key: string): string {
  return `${prefix}${digestOf(project, key)}`;
}

export function createJobId(now: number): string {
  return createId('job_', now);
}

export function jobIdOfKey(project: string, idempotencyKey: string): string {
  return idOfKey('job_', project, idempotencyKey);
}

/** The job of a batch's line, counted from 1: admitting the line again finds the same job. */
export function jobIdOfLine(batchId: string, line: number): string {
  return `job_${digestOf(batchId, 'line', String(line))}`;
}

/** Whether the text is the prefix and 26 characters that an id may have. */
export function isId(prefix: IdPrefix, text: string): boolean {
  return text.startsWith(prefix) && CHARACTERS.test(text.slice(prefix.length));
}

export function isJobId(text: string): boolean {
  return isId('job_', text);
}

/** The id under which the same thing is known elsewhere: `job_X` is `resp_X` as a Response. */
export function withIdPrefix(prefix: IdPrefix, id: string): string {
  return `${prefix}${id.slice(-LENGTH)}`;
}

/** The lowest 130 bits of the hash: ten of them, then six parts. */
function digestOf(...parts: readonly string[]): string {
  const digest = hash('sha256', parts.join('\0'));
  return encodePair(Number.parseInt(digest.slice(-33, -30), 16)) + encodeDigits(digest.slice(-30));
}

/** The 48 bits of a time, below two that are zero. */
function encodeTime(now: number): string {
  const low = now % 2 ** PART_BITS;
  const high = (now - low) / 2 ** PART_BITS;
  return encodePair(high >> PART_BITS) + encodePart(high) + encodePart(low);
}

/** Hexadecimal digits, five of which are four characters. */
function encodeDigits(digits: string): string {
  let text = '';
  for (let at = 0; at < digits.length; at += PART_DIGITS) {
    text += encodePart(Number.parseInt(digits.slice(at, at + PART_DIGITS), 16));
  }
  return text;
}

function encodePart(bits: number): string {
  return encodePair(bits >> 10) + encodePair(bits);
}

/** The lowest ten bits. */
function encodePair(bits: number): string {
  return PAIRS[bits & 1023] ?? '';
}
