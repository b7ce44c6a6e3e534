import { createHash, randomUUID } from 'node:crypto';

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
const BITS_PER_CHARACTER = 5n;
const LENGTH = 26;
const RANDOM_BITS = 80n;
const CHARACTERS = /^[0-9a-hjkmnp-tv-z]{26}$/;

/** Time-ordered, as a ULID is: 48 bits of milliseconds, then 80 random bits. */
export function createId(prefix: IdPrefix, now: number): string {
  // The first and the last group of a UUID are all random, and Node keeps randomness for them ready.
  const uuid = randomUUID();
  const random = BigInt(`0x${uuid.slice(0, 8)}${uuid.slice(-12)}`);
  return `${prefix}${encode((BigInt(now) << RANDOM_BITS) | random)}`;
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

function digestOf(...parts: readonly string[]): string {
  const digest = createHash('sha256').update(parts.join('\0')).digest('hex');
  return encode(BigInt(`0x${digest}`));
}

/** The lowest 130 bits, highest first. */
function encode(value: bigint): string {
  let rest = value;
  let text = '';
  while (text.length < LENGTH) {
    text = `${ALPHABET[Number(rest & 31n)]}${text}`;
    rest >>= BITS_PER_CHARACTER;
  }
  return text;
}
