import { useEffect, useRef, useState } from 'preact/hooks';

/** The filter's text field, where `/` leads. */
export const FILTER_INPUT_ID = 'filter-input';

/**
 * `j` and `k` go down and up through rows, Enter opens one, `/` goes to the filter. Not while
 * something is typed or a dialog is open.
 * @returns the id of the row that the keyboard is on
 */
export function useRowKeys<Row extends { id: string }>(
  rows: readonly Row[],
  open: (row: Row) => void,
): string | undefined {
  const [selected, setSelected] = useState<string>();
  const latest = useRef({ rows, open, selected });
  latest.current = { rows, open, selected };
  useEffect(() => {
    const heard = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event.target)) return;
      const { rows: all, open: openRow, selected: id } = latest.current;
      const index = all.findIndex((row) => row.id === id);
      if (event.key === 'j') setSelected(all[Math.min(index + 1, all.length - 1)]?.id);
      else if (event.key === 'k') setSelected(all[Math.max(index - 1, 0)]?.id);
      else if (event.key === '/')
        document.querySelector<HTMLElement>(`#${FILTER_INPUT_ID}`)?.focus();
      else if (event.key === 'Enter' && isGround(event.target)) {
        const row = all[index];
        if (row === undefined) return;
        openRow(row);
      } else return;
      event.preventDefault();
    };
    addEventListener('keydown', heard);
    return () => removeEventListener('keydown', heard);
  }, []);
  return selected;
}

function isTaken(target: EventTarget | null): boolean {
  return (
    (target instanceof Element && target.closest('input, textarea, select') !== null) ||
    document.querySelector('dialog[open]') !== null
  );
}

/** Enter on a link or button is that control's. */
function isGround(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, button, summary') === null;
}
