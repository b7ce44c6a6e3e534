import { stripVTControlCharacters } from 'node:util';

const GAP = '  ';

/**
 * Columns under headings, each as wide as its widest cell; cells may hold colours. Without rows
 * there is no table, only what `none` says.
 */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
): string {
  if (rows.length === 0) return `${none}\n`;
  const all = [headings, ...rows];
  const widths = headings.map((_heading, column) =>
    Math.max(...all.map((row) => widthOf(row[column] ?? ''))),
  );
  const lines = all.map((row) =>
    headings
      .map((_heading, column) => pad(row[column] ?? '', widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - widthOf(cell)));
}

/** In characters; good enough for names, states and numbers. */
function widthOf(cell: string): number {
  return Array.from(stripVTControlCharacters(cell)).length;
}
