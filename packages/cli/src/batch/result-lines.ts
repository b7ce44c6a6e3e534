import { open, type FileHandle } from 'node:fs/promises';
import { parseExactJson } from '@understudy/contracts';
import { z } from 'zod';
import { readBytes } from './read-entries.ts';
import { readLines } from './read-lines.ts';

/** A line of a batch's output or error file. */
const resultLineSchema = z.looseObject({
  custom_id: z.string(),
  response: z
    .looseObject({
      status_code: z.int(),
      request_id: z.string().optional(),
      body: z.unknown(),
    })
    .nullish(),
  error: z.looseObject({ code: z.string(), message: z.string() }).nullish(),
});
export type ResultLine = z.infer<typeof resultLineSchema>;

/** Where a line's result stands in a file that was fetched. */
interface ResultPlace {
  path: string;
  offset: number;
  length: number;
  succeeded: boolean;
}

/** The results of lines by their names. Holds where each stands, not what it says. */
export class ResultLines implements AsyncDisposable {
  readonly #places = new Map<string, ResultPlace>();
  readonly #files = new Map<string, FileHandle>();

  /**
   * Takes in a fetched file; a line that an earlier file had, too, is replaced by this one's.
   * @throws SyntaxError when it is no such file
   */
  async add(path: string): Promise<void> {
    for await (const { bytes, offset } of readLines(readBytes(path))) {
      if (bytes.length === 0) continue;
      const result = parseResultLine(bytes);
      const succeeded = isSuccess(result);
      this.#places.set(result.custom_id, { path, offset, length: bytes.length, succeeded });
    }
  }

  /** Undefined for a line that has no result. */
  async read(customId: string): Promise<Buffer | undefined> {
    const place = this.#places.get(customId);
    if (place === undefined) return undefined;
    const file = this.#files.get(place.path) ?? (await open(place.path));
    this.#files.set(place.path, file);
    const { buffer } = await file.read(Buffer.alloc(place.length), 0, place.length, place.offset);
    return buffer;
  }

  hasSucceeded(customId: string): boolean {
    return this.#places.get(customId)?.succeeded ?? false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files.values()) await file.close();
  }
}

/** @throws Error when it is no line of a result file */
export function parseResultLine(bytes: Buffer): ResultLine {
  return resultLineSchema.parse(parseExactJson(bytes.toString('utf8')));
}

export function isSuccess({ response, error }: ResultLine): boolean {
  if (error || !response) return false;
  return response.status_code >= 200 && response.status_code < 300;
}
