import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';
import type { InputFormat } from './input-format.ts';
import { checkTemplate } from './template.ts';

export type TableFormat = Extract<InputFormat, 'csv' | 'tsv'>;

/** What may have been meant to stand between the columns of a header that is a single one. */
const SEPARATORS = [
  { text: ';', name: 'semicolons', remedy: 'save it with commas, or with tabs and --format tsv' },
  { text: '\t', name: 'tabs', remedy: 'say --format tsv' },
  { text: ',', name: 'commas', remedy: 'say --format csv' },
] as const;

/**
 * Looks whether prompts can be made of rows under this header.
 * @param template how they are; by their column `prompt` where there is none
 * @throws CommandError naming the column that is missing or there twice, or what separates them
 */
export function checkTableHeader(
  columns: readonly string[],
  template: string | undefined,
  format: TableFormat,
): void {
  const table = format.toUpperCase();
  // Columns without a name mean nothing: spreadsheets leave them behind.
  const repeated = columns.find((name, at) => name !== '' && columns.indexOf(name) < at);
  if (repeated !== undefined) {
    throw new CommandError(
      `the ${table} has two columns ${JSON.stringify(repeated)}; name one otherwise`,
      EXIT.usage,
    );
  }
  const [first = ''] = columns;
  const separator = SEPARATORS.find(({ text }) => columns.length === 1 && first.includes(text));
  if (separator !== undefined && template?.includes(first) !== true) {
    throw new CommandError(
      `the columns of the ${table} are separated by ${separator.name}; ${separator.remedy}`,
      EXIT.usage,
    );
  }
  if (template !== undefined) return checkTemplate(template, columns);
  if (columns.includes('prompt')) return;
  throw new CommandError(
    `the ${table} has no column "prompt"; make one with --template, from ${columns.join(', ')}`,
    EXIT.usage,
  );
}
