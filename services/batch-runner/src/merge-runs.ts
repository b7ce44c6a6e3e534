import type { PartRun } from '@understudy/batch-store';
import type { FileBytes } from '@understudy/file-store';
import { readExactly } from './exact-reader.ts';
import type { ExactReader } from './exact-reader.ts';
import type { PartLine } from './write-part.ts';

interface Source {
  run: PartRun;
  reader: ExactReader;
  position: number;
}

/** Bytes of lines that are handed on together: to wait for each line took longer than to copy it. */
const PAGE_BYTES = 64 * 1024;

/**
 * The lines of several parts in the order of their numbers, many at a time; each part is in that order
 * itself, so one line of each is all that is looked at.
 * @throws Error when a part is gone, or a line stands in two parts
 */
export async function* mergeRuns(
  bytes: FileBytes,
  runs: readonly PartRun[],
): AsyncGenerator<PartLine[]> {
  const sources: Source[] = [];
  try {
    for (const run of runs) sources.push(await openSource(bytes, run));
    let last = 0;
    let page: PartLine[] = [];
    let pageBytes = 0;
    for (let source = lowest(sources); source !== undefined; source = lowest(sources)) {
      const { line, bytes: length } = source.run.entries[source.position]!;
      if (line <= last) throw new Error(`line ${line} of a batch was written twice`);
      last = line;
      source.position += 1;
      const written = source.reader.takeHeld(length) ?? (await source.reader.take(length));
      // Whoever writes the line ends it again.
      page.push({ line, bytes: written.subarray(0, -1) });
      pageBytes += length;
      if (pageBytes < PAGE_BYTES) continue;
      yield page;
      page = [];
      pageBytes = 0;
    }
    if (page.length > 0) yield page;
  } finally {
    for (const { reader } of sources) reader.close();
  }
}

async function openSource(bytes: FileBytes, run: PartRun): Promise<Source> {
  const stream = await bytes.read(run.key);
  if (stream === undefined) throw new Error('a part of a result file is gone');
  return { run, reader: readExactly(stream), position: 0 };
}

function lowest(sources: readonly Source[]): Source | undefined {
  let found: Source | undefined;
  let least = Infinity;
  for (const source of sources) {
    const line = source.run.entries[source.position]?.line ?? Infinity;
    if (line < least) [found, least] = [source, line];
  }
  return found;
}
