import type { PartRun, RunEntry } from './batch-run.ts';

const NEWLINE = 0x0a;
const ENTRY_BYTES = 8;

/** The key of a part, a newline, and 8 bytes for each of its lines: number and length. */
export function encodeRun(key: string, entries: readonly RunEntry[]): Buffer {
  const numbers = Buffer.alloc(entries.length * ENTRY_BYTES);
  for (const [index, { line, bytes }] of entries.entries()) {
    numbers.writeUInt32BE(line, index * ENTRY_BYTES);
    numbers.writeUInt32BE(bytes, index * ENTRY_BYTES + 4);
  }
  return Buffer.concat([Buffer.from(`${key}\n`), numbers]);
}

export function decodeRun(run: Buffer): PartRun {
  const newline = run.indexOf(NEWLINE);
  const entries: RunEntry[] = [];
  for (let at = newline + 1; at < run.length; at += ENTRY_BYTES) {
    entries.push({ line: run.readUInt32BE(at), bytes: run.readUInt32BE(at + 4) });
  }
  return { key: run.toString('utf8', 0, newline), entries };
}
