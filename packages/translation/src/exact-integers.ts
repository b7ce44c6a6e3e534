declare global {
  /** What Node has and TypeScript's library does not know yet: https://tc39.es/proposal-json-parse-with-source/ */
  interface JSON {
    rawJSON(text: string): object;
    isRawJSON(value: unknown): boolean;
  }
}

/** A number of fewer digits is below 2^53, so that most texts need no second look. */
const LONG_NUMBER = /\d{16}/;

/**
 * JSON, with the integers that no number in memory can hold (beyond 2^53, as some ids are) kept as
 * they are written: as values that `JSON.stringify` writes in the same way.
 */
export function parseExact(text: string): unknown {
  return parseWith(text, (source) => JSON.rawJSON(source));
}

/** Whether a value that `parseExact` read is an integer that no number can hold. */
export function isLargeInteger(value: unknown): boolean {
  return JSON.isRawJSON(value);
}

// A private-use character, which no model has a reason to begin a string of digits with.
const MARK = '\u{E9F3}';
const MARKED = new RegExp(`"${MARK}(-?\\d+)"`, 'g');

/** The same JSON with such integers as marked strings, on the way through code that parses it itself. */
export function markLargeIntegers(text: string): string {
  if (!LONG_NUMBER.test(text)) return text;
  return JSON.stringify(parseWith(text, (source) => MARK + source));
}

/** JSON out of such code, with the marked integers as they were. */
export function unmarkLargeIntegers(text: string): string {
  return text.replaceAll(MARKED, '$1');
}

/** What a reviver is told of a value beside its name: how it is written, where it has no parts. */
interface Source {
  source?: string;
}

function parseWith(text: string, ofLarge: (source: string) => unknown): unknown {
  const parsed: unknown = LONG_NUMBER.test(text)
    ? JSON.parse(text, (_name, value: unknown, ...[context]: Source[]) => {
        const source = context?.source ?? '';
        const isLarge = typeof value === 'number' && !Number.isSafeInteger(value);
        return isLarge && /^-?\d+$/.test(source) ? ofLarge(source) : value;
      })
    : JSON.parse(text);
  return parsed;
}
