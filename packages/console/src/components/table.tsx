import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  title: string;
  cell(row: Row): ComponentChildren;
  /** Figures stand to the right. */
  isNumber?: boolean;
  /** Left out where the screen is narrow. */
  isWideOnly?: boolean;
  /** In a stacked row it has a line of its own, the last. */
  isWholeLine?: boolean;
}

export interface TableProps<Row> {
  /** Read out before the table. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf(row: Row): string;
  /** Of a row: marks one, such as the one the keyboard is on. */
  classOf?(row: Row): string | undefined;
  isBusy?: boolean;
  /** On a phone each row is a small card, the cells side by side in pairs. */
  isStacked?: boolean;
}

/** Rows of like things. Where it does not fit, it is scrolled in itself and not with the page. */
export function Table<Row>(props: TableProps<Row>) {
  const { caption, columns, rows, keyOf, classOf, isBusy, isStacked } = props;
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={caption}>
      <table aria-busy={isBusy === true} class={isStacked === true ? 'stacked' : undefined}>
        <caption class="for-listeners">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={classesOf(column, columns)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} class={classOf?.(row)}>
              {columns.map((column) => (
                <td key={column.title} class={classesOf(column, columns)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function classesOf<Row>(column: Column<Row>, columns: readonly Column<Row>[]): string {
  const paired = columns.filter((one) => one.isWideOnly !== true && one.isWholeLine !== true);
  return [
    column.isNumber === true && 'right',
    column.isWideOnly === true && 'wide-only',
    column.isWholeLine === true && 'whole-line',
    paired.indexOf(column) % 2 === 1 && 'pair-end',
  ]
    .filter(Boolean)
    .join(' ');
}
