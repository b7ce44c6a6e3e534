/** SPDX ids of licences that let anybody use, change and pass on, and ask no more than to be named. */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
]);

/**
 * Whether an SPDX expression allows what we do: one of its alternatives consists of allowed licences
 * alone. What is unknown, a file of the package's own, or no licence at all does not.
 */
export function isAllowedLicense(expression: string): boolean {
  return expression
    .replaceAll(/[()]/g, ' ')
    .split(/ OR /)
    .some((alternative) => alternative.split(/ AND /).every((id) => ALLOWED.has(id.trim())));
}
