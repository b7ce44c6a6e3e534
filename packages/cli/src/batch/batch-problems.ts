import { safeLine } from '../output/safe-text.ts';
import type { BatchView } from './batch-view.ts';

/** Each line of a batch that was not accepted may have one. */
const MOST_TOLD = 10;

/**
 * The first of what was wrong with a batch, each as a text for people.
 * @param lines of the input, of each line that was sent; where the batch's own are meant, none
 */
export function problemTexts(
  { errors }: Pick<BatchView, 'errors'>,
  lines: readonly number[] = [],
): string[] {
  return (errors?.data ?? []).slice(0, MOST_TOLD).map(({ code, message, line }) => {
    const place = line === undefined || line === null ? '' : `line ${lines[line - 1] ?? line}: `;
    return `${place}${safeLine(message, 200)} (${code})`;
  });
}
