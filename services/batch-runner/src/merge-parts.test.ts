import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PartRun } from '@understudy/batch-store';
import { createFolderBytes } from '@understudy/file-store';
import type { FileBytes } from '@understudy/file-store';
import { expect, onTestFinished, test } from 'vitest';
import { mergeParts } from './merge-parts.ts';
import type { HeldBatch } from './runner-context.ts';
import { writePart } from './write-part.ts';
import type { PartLine } from './write-part.ts';

const TARGET = { role: 'out', file: 'file-1' } as const;
const HELD: HeldBatch = {
  lease: { batch: { project: 'acme', id: 'batch_1' }, fence: 1 },
  signal: new AbortController().signal,
  partsWritten: 0,
  writtenAt: 0,
  mendedAt: 0,
  unknownModelSince: undefined,
  nextLinesEnded: false,
  unread: { lines: new Set(), since: -Infinity },
  progress: -1,
  progressedAt: -Infinity,
};

async function* onlyLine(line: number): AsyncGenerator<PartLine[]> {
  yield [{ line, bytes: Buffer.from(`line ${line}`) }];
}

async function keysIn(bytes: FileBytes): Promise<string[]> {
  const keys = [];
  for await (const { key } of bytes.list('acme/')) keys.push(key);
  return keys.toSorted();
}

test('a merge for which there is no room leaves the parts as they are, and takes no room', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-files-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const bytes = createFolderBytes(folder);
  const held = { ...HELD };
  const parts: PartRun[] = [];
  for (let line = 1; line <= 66; line += 1) {
    const { key, entries } = await writePart({ bytes }, held, TARGET, onlyLine(line));
    parts.push({ key, entries: [...entries] });
  }
  const before = await keysIn(bytes);
  let room = 1;
  const write: FileBytes['write'] = async (...args) => {
    if (room === 0) throw new Error('the disk is full');
    room -= 1;
    return bytes.write(...args);
  };
  const merge = mergeParts({ bytes: { ...bytes, write } }, held, TARGET, parts);
  await expect(merge).rejects.toThrow('the disk is full');
  expect(await keysIn(bytes)).toEqual(before);
  const merged = await mergeParts({ bytes }, held, TARGET, parts);
  expect(merged?.entries.map(({ line }) => line)).toEqual(
    Array.from({ length: 66 }, (_, index) => index + 1),
  );
});
