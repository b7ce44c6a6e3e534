import { hash, randomUUID } from 'node:crypto';

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
const LENGTH = 26;
/** The 48 bits of a time, below two that are zero. */
const TIME_CHARACTERS = 10;
const HALF_OF_RANDOM_CHARACTERS = 8;
const CHARACTERS = /^[0-9a-hjkmnp-tv-z]{26}$/;

/** Time-ordered, as a ULID is: 48 bits of milliseconds, then 80 random bits. */
export function createId(prefix: IdPrefix, now: number): string {
  // The first and the last group of a UUID are all random, and Node keeps randomness for them ready.
  const uuid = randomUUID();
  const random = `${uuid.slice(0, 8)}${uuid.slice(-12)}`;
  // In halves of 40 bits, which are whole characters and numbers that are exact.
  const first = Number.parseInt(random.slice(0, 10), 16);
  const second = Number.parseInt(random.slice(10), 16);
  return (
    prefix +
    encodeNumber(now, TIME_CHARACTERS) +
    encodeNumber(first, HALF_OF_RANDOM_CHARACTERS) +
    encodeNumber(second, HALF_OF_RANDOM_CHARACTERS)
  );
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

/** The lowest 130 bits of the hash: ten of them, then three times forty. */
function digestOf(...parts: readonly string[]): string {
  const digest = hash('sha256', parts.join('\0'));
  return (
    encodeNumber(Number.parseInt(digest.slice(-33, -30), 16), 2) +
    encodeNumber(Number.parseInt(digest.slice(-30, -20), 16), 8) +
    encodeNumber(Number.parseInt(digest.slice(-20, -10), 16), 8) +
    encodeNumber(Number.parseInt(digest.slice(-10), 16), 8)
  );
}

/** The lowest bits of a number, five to a character. */
function encodeNumber(value: number, length: number): string {
  let rest = value;
  let text = '';
  while (text.length < length) {
    text = `${ALPHABET[rest % ALPHABET.length]}${text}`;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
}
