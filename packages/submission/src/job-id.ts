import { createHash, randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const BITS_PER_CHARACTER = 5n;
const LENGTH = 26;
const RANDOM_BYTES = 10;

/** Time-ordered, as a ULID is: 48 bits of milliseconds, then 80 random bits. */
export function createJobId(now: number): string {
  const random = BigInt(`0x${randomBytes(RANDOM_BYTES).toString('hex')}`);
  return `job_${encode((BigInt(now) << BigInt(RANDOM_BYTES * 8)) | random)}`;
}

/** The same project and key always give the same id, so that creating twice is creating once. */
export function jobIdOfKey(project: string, idempotencyKey: string): string {
  const digest = createHash('sha256').update(project).update('\0').update(idempotencyKey).digest();
  return `job_${encode(BigInt(`0x${digest.toString('hex')}`))}`;
}

export function isJobId(text: string): boolean {
  return /^job_[0-9a-hjkmnp-tv-z]{26}$/.test(text);
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
