import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-code.ts';

const PLACE = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** The columns that a template names, each once. */
function templateColumns(template: string): string[] {
  return [...new Set([...template.matchAll(PLACE)].map(([, column = '']) => column))];
}

/** Puts a row's values into the `{{places}}` of the template. Values are not looked at again. */
export function fillTemplate(template: string, row: Readonly<Record<string, string>>): string {
  return template.replaceAll(PLACE, (_place, column: string) => row[column] ?? '');
}

/** @throws CommandError when the template names a column that is not there, or none at all */
export function checkTemplate(template: string, columns: readonly string[]): void {
  const named = templateColumns(template);
  if (named.length === 0) {
    throw new CommandError(
      `--template ${JSON.stringify(template)} names no column; write one as {{${columns[0] ?? 'column'}}}`,
      EXIT.usage,
    );
  }
  const unknown = named.find((column) => !columns.includes(column));
  if (unknown === undefined) return;
  throw new CommandError(
    `--template names the column {{${unknown}}}; the file has ${columns.join(', ')}`,
    EXIT.usage,
  );
}
