import { createReadStream } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import type { Entry, EntryDefaults } from './entry.ts';
import { readCsvEntries } from './csv-entries.ts';
import type { InputFormat } from './input-format.ts';
import { detectFormat } from './input-format.ts';
import { LineError, NOT_UTF8 } from './line-error.ts';
import { readPromptLine, readTextLine } from './prompt-line.ts';
import { readLines, type Line } from './read-lines.ts';
import { readAnthropicLine, readOpenAiLine } from './vendor-line.ts';

const READ_BYTES = 256 * 1024;

/** An input file, and how its lines are to be understood. */
export interface InputFile {
  path: string;
  format: InputFormat;
  defaults: EntryDefaults;
}

const LINE_READERS: Readonly<
  Record<
    Exclude<InputFormat, 'csv' | 'tsv'>,
    (line: number, text: string, defaults: EntryDefaults) => Entry
  >
> = {
  openai: readOpenAiLine,
  anthropic: readAnthropicLine,
  prompts: readPromptLine,
  text: readTextLine,
};

/** Streams the requests of a file in its order. @throws CommandError for a line that is not right */
export async function* readEntries(input: InputFile): AsyncGenerator<Entry> {
  const { path, format, defaults } = input;
  if (format === 'csv' || format === 'tsv') {
    yield* readCsvEntries(readBytes(path), defaults, format);
    return;
  }
  for await (const line of readLines(readBytes(path))) {
    const text = lineText(line);
    if (text === '') continue;
    yield LINE_READERS[format](line.number, text, defaults);
  }
}

/**
 * Looks at the first line that is not empty.
 * @param name of the file, as whoever gave it knows it
 * @throws CommandError
 */
export async function detectFileFormat(path: string, name: string): Promise<InputFormat> {
  for await (const line of readLines(readBytes(path))) {
    const text = lineText(line);
    if (text !== '') return detectFormat(text, name);
  }
  return detectFormat('', name);
}

function lineText({ number, bytes }: Line): string {
  if (!isUtf8(bytes)) throw new LineError(number, NOT_UTF8);
  const text = bytes.toString('utf8');
  return (number === 1 ? text.replace(/^\uFEFF/, '') : text).trim();
}

/** Yields what is read of the file, a piece at a time. */
export async function* readBytes(path: string): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) {
    const bytes: Buffer = chunk;
    yield bytes;
  }
}
