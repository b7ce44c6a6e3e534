import { Readable, pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';
import type { Entry, EntryDefaults } from './entry.ts';
import { LineError, NOT_UTF8 } from './line-error.ts';
import { promptEntry } from './prompt-line.ts';
import { checkTableHeader, type TableFormat } from './table-header.ts';
import { fillTemplate } from './template.ts';

const PROMPT_COLUMN = '{{prompt}}';
const DELIMITERS = { csv: ',', tsv: '\t' } as const;

/** With `info` csv-parse gives each record together with where it stood. */
const recordSchema = z.object({
  record: z.record(z.string(), z.string()),
  info: z.object({ lines: z.int() }),
});

/**
 * A header and rows (RFC 4180; those of a TSV are separated by tabs). The columns `model`, `system`
 * and `custom_id` or `id` mean what they do in JSON lines.
 * @throws CommandError for a file that is no such table or not UTF-8, or a template that does not fit
 *   its columns
 */
export async function* readCsvEntries(
  chunks: AsyncIterable<Buffer>,
  defaults: EntryDefaults,
  format: TableFormat,
): AsyncGenerator<Entry> {
  const template = defaults.template ?? PROMPT_COLUMN;
  const rows = pipeline(
    Readable.from(utf8Only(chunks, format)),
    parse({
      columns: (header: string[]) => {
        checkTableHeader(header, defaults.template, format);
        return header;
      },
      bom: true,
      info: true,
      skip_empty_lines: true,
      delimiter: DELIMITERS[format],
    }),
    // Whoever iterates hears of what went wrong.
    () => undefined,
  );
  try {
    for await (const row of rows) {
      const { record, info } = recordSchema.parse(row);
      yield rowEntry(info.lines, record, template, defaults);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new CommandError(
      `the ${format.toUpperCase()} cannot be read: ${error.message}`,
      EXIT.usage,
    );
  }
}

/** The parser would make question marks of other bytes, and they would be sent and paid for. */
async function* utf8Only(
  chunks: AsyncIterable<Buffer>,
  format: TableFormat,
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const check = (bytes?: Buffer): void => {
    try {
      decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (error) {
      throw new CommandError(`the ${format.toUpperCase()} ${NOT_UTF8}`, EXIT.usage, {
        cause: error,
      });
    }
  };
  for await (const chunk of chunks) {
    check(chunk);
    yield chunk;
  }
  check();
}

function rowEntry(
  line: number,
  row: Readonly<Record<string, string>>,
  template: string,
  defaults: EntryDefaults,
): Entry {
  const prompt = fillTemplate(template, row);
  if (prompt.trim() === '') throw new LineError(line, 'gives an empty prompt');
  const { model = '', system = '' } = row;
  const customId = row['custom_id'] ?? row['id'] ?? '';
  return promptEntry(
    line,
    {
      prompt,
      ...(model === '' ? {} : { model }),
      ...(system === '' ? {} : { system }),
      ...(customId === '' ? {} : { custom_id: customId }),
    },
    defaults,
  );
}
