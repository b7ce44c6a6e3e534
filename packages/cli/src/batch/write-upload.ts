import { createHash } from 'node:crypto';
import type { Endpoint } from '@understudy/contracts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';
import type { Entry } from './entry.ts';
import { LineError } from './line-error.ts';
import { createFile } from './written-file.ts';

/** A file as the broker takes it: one line of OpenAI's batch format for each request. */
export interface Upload {
  path: string;
  /** Hexadecimal, of all its bytes: equal for equal requests. */
  sha256: string;
  endpoint: Endpoint;
  /** In the order of the lines. */
  customIds: string[];
  /** Their numbers in the input. */
  lines: number[];
  bytes: number;
}

/**
 * Streams entries into a file at `path`.
 * @throws CommandError when two lines have one name, when they are for different endpoints, or when
 *   there are none
 */
export async function writeUpload(entries: AsyncIterable<Entry>, path: string): Promise<Upload> {
  const hash = createHash('sha256');
  const lineOf = new Map<string, number>();
  const file = await createFile(path);
  let endpoint: Endpoint | undefined;
  let bytes = 0;
  try {
    for await (const entry of entries) {
      endpoint ??= entry.endpoint;
      checkEntry(entry, endpoint, lineOf.get(entry.customId));
      lineOf.set(entry.customId, entry.line);
      const line = Buffer.from(`${uploadLine(entry)}\n`);
      hash.update(line);
      bytes += line.length;
      await file.write(line);
    }
    await file.end();
  } finally {
    file.abandon();
  }
  if (endpoint === undefined) throw new CommandError('there is no line to send', EXIT.usage);
  const [customIds, lines] = [[...lineOf.keys()], [...lineOf.values()]];
  return { path, sha256: hash.digest('hex'), endpoint, customIds, lines, bytes };
}

/** The body's JSON is put in as it is. */
function uploadLine({ customId, endpoint, body }: Entry): string {
  const head = JSON.stringify({ custom_id: customId, method: 'POST', url: endpoint });
  return `${head.slice(0, -1)},"body":${body}}`;
}

function checkEntry(entry: Entry, endpoint: Endpoint, earlier: number | undefined): void {
  const { line, customId } = entry;
  if (earlier !== undefined) {
    throw new LineError(
      line,
      `has the id ${JSON.stringify(customId)}, which line ${earlier} has already; give each its own`,
    );
  }
  if (entry.endpoint !== endpoint) {
    throw new LineError(
      line,
      `is for ${entry.endpoint}, and those before it for ${endpoint}; a batch has one endpoint, so split the file`,
    );
  }
}
