import { styleText } from 'node:util';

/** Colours where the terminal has them: `plain` leaves everything as it is. */
export interface Colours {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  dim(text: string): string;
  strong(text: string): string;
}

const plain = (text: string): string => text;
const PLAIN: Colours = { good: plain, bad: plain, warn: plain, dim: plain, strong: plain };

const style =
  (format: 'green' | 'red' | 'yellow' | 'dim' | 'bold') =>
  (text: string): string =>
    styleText(format, text, { validateStream: false });

/** `NO_COLOR` (https://no-color.org) is heeded by whoever decides `enabled`. */
export function createColours(enabled: boolean): Colours {
  if (!enabled) return PLAIN;
  return {
    good: style('green'),
    bad: style('red'),
    warn: style('yellow'),
    dim: style('dim'),
    strong: style('bold'),
  };
}

/** The colour of a status, of jobs and batches alike. */
export function colourStatus(status: string, colours: Colours): string {
  if (status === 'completed') return colours.good(status);
  if (status === 'failed' || status === 'expired') return colours.bad(status);
  if (status === 'cancelled' || status === 'cancelling') return colours.warn(status);
  return status;
}
