import { readJsonLine, requestOf } from './json-line.ts';
import type { LineRules, ReadLine } from './line-format.ts';

/** `{"custom_id", "params"}`, as the broker itself wrote the requests down. */
export function readAnthropicLine(line: Buffer, limits: LineRules): ReadLine {
  const read = readJsonLine(line, limits);
  return 'problem' in read ? read.problem : requestOf(line, 'params', read.members);
}
