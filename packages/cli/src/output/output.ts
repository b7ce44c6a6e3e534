import type { Writable } from 'node:stream';
import { createColours, type Colours } from './colours.ts';

/** How things look to whoever reads them. */
export interface Style {
  colours: Colours;
  /** For relative times. */
  now: number;
  /** Of the terminal; a generous width where there is none. */
  columns: number;
}

/** Where a command's words go: results to stdout, everything else to stderr. */
export interface Output {
  /** One JSON document instead of text for people. */
  json: boolean;
  /** Whether a person looks at the results. */
  isTerminal: boolean;
  /** Whether a person looks at what is said meanwhile. */
  isWatched: boolean;
  style(): Style;
  /** A result: the value as JSON where that was asked for, else what `render` makes of it. */
  show<T>(value: T, render: (value: T, style: Style) => string): void;
  /** One of a stream of results: a line of JSON each. */
  showOne<T>(value: T, render: (value: T, style: Style) => string): void;
  /** Results as they are. */
  write(text: string): void;
  /** For people, also where nobody watches: trouble, or what came of it. */
  note(text: string): void;
  /** For people, only where somebody watches. */
  remark(text: string): void;
  /** A line in place of the one shown before; undefined takes it away. Nothing unless watched. */
  status(line: ((style: Style) => string) | undefined): void;
}

/** A stream that may be a terminal. */
export type Channel = Writable & { isTTY?: boolean; columns?: number };

export interface OutputOptions {
  stdout: Channel;
  stderr: Channel;
  environment: Readonly<Record<string, string | undefined>>;
  json: boolean;
  /** False for --no-color. */
  colour: boolean;
  now(): number;
}

const WIDTH_OF_NO_TERMINAL = 200;
const CLEAR_LINE = '\r\u001B[K';

export function createOutput(options: OutputOptions): Output {
  const { stdout, stderr, json, now } = options;
  const isTerminal = stdout.isTTY === true;
  const isWatched = stderr.isTTY === true;
  const colours = createColours(isTerminal && wantsColour(options));
  const style = (): Style => ({
    colours,
    now: now(),
    columns: widthOf(stdout),
  });
  let hasStatus = false;
  const clear = (): void => {
    if (hasStatus) stderr.write(CLEAR_LINE);
    hasStatus = false;
  };
  const note = (text: string): void => {
    clear();
    stderr.write(`${text}\n`);
  };
  return {
    json,
    isTerminal,
    isWatched,
    style,
    show: (value, render) => {
      clear();
      stdout.write(json ? `${JSON.stringify(value, undefined, 2)}\n` : render(value, style()));
    },
    showOne: (value, render) => {
      clear();
      stdout.write(json ? `${JSON.stringify(value)}\n` : render(value, style()));
    },
    write: (text) => {
      clear();
      stdout.write(text);
    },
    note,
    remark: (text) => {
      if (isWatched && !json) note(text);
    },
    status: (line) => {
      if (!isWatched) return;
      if (line === undefined) return clear();
      stderr.write(`${CLEAR_LINE}${line({ ...style(), columns: widthOf(stderr) - 1 })}`);
      hasStatus = true;
    },
  };
}

/** A terminal that does not know its width says 0. */
function widthOf({ columns = 0 }: Channel): number {
  return columns > 0 ? columns : WIDTH_OF_NO_TERMINAL;
}

/** https://no-color.org: any value but the empty one means no. */
function wantsColour({ colour, environment }: OutputOptions): boolean {
  return colour && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
}
