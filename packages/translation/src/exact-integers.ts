/** What of Node's JSON TypeScript's library does not know yet (https://tc39.es/proposal-json-parse-with-source/). */
const json = JSON as JSON & {
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
  parse(text: string, reviver: Reviver): unknown;
};

type Reviver = (name: string, value: unknown, context: { source?: string }) => unknown;

/** A number of fewer digits is below 2^53, so that most texts need no second look. */
const LONG_NUMBER = /\d{16}/;

/**
 * JSON, with the integers that no number in memory can hold (beyond 2^53, as some ids are) kept as
 * they are written: as values that `JSON.stringify` writes in the same way.
 */
export function parseExact(text: string): unknown {
  return parseWith(text, (source) => json.rawJSON(source));
}

/** Whether a value that `parseExact` read is an integer that no number can hold. */
export function isLargeInteger(value: unknown): boolean {
  return json.isRawJSON(value);
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

function parseWith(text: string, ofLarge: (source: string) => unknown): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return json.parse(text, (_name, value, { source = '' }) => {
    const isLarge = typeof value === 'number' && !Number.isSafeInteger(value);
    return isLarge && /^-?\d+$/.test(source) ? ofLarge(source) : value;
  });
}
