import { isObject } from '../json-reading.ts';

/** A form that no vendor's ids have: 26 characters of a job's id, and the item's place. */
const MADE_UP_ID = /rs_[0-9a-z]{26}_\d+/;
const WHOLE_ID = new RegExp(`^${MADE_UP_ID.source}$`);

/** @param label the job's id without prefix, and the item's place in the answer: `<id>_<place>` */
export function madeUpReasoningId(label: string): string {
  return `rs_${label}`;
}

/** Whether a body may hold such an id; looks at its text, so that few bodies have to be parsed. */
export function mayNameMadeUpReasoning(body: Uint8Array): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return MADE_UP_ID.test(bytes.toString('latin1'));
}

/**
 * Whether an item of a caller's input is reasoning out of an answer that was translated here. By its
 * id no vendor finds it, and without encrypted content there is nothing else of it to read.
 */
export function isMadeUpReasoning(item: unknown): boolean {
  if (!isObject(item) || item['type'] !== 'reasoning') return false;
  const { id, encrypted_content: encrypted } = item;
  return typeof id === 'string' && WHOLE_ID.test(id) && typeof encrypted !== 'string';
}
