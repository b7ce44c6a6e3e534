/** Id and flat fields of an entry of a stream. */
export type StreamRow = readonly [id: string, fields: readonly string[]];

/** Entries of a stream, as XRANGE gives them. By hand: whoever listens reads every event. */
export function parseStreamRows(reply: unknown): readonly StreamRow[] {
  if (!Array.isArray(reply)) throw new TypeError('expected entries of a stream');
  return reply.map(parseRow);
}

function parseRow(row: unknown): StreamRow {
  if (!Array.isArray(row)) throw new TypeError('an entry of a stream is no list');
  const [id, fields]: unknown[] = row;
  if (typeof id !== 'string' || !areTexts(fields)) {
    throw new TypeError('an entry of a stream lacks its id, or has fields that are no text');
  }
  return [id, fields];
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
