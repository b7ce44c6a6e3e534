import type { JsonLimits } from '@understudy/configuration';
import { BrokerError } from '@understudy/contracts';
import { topLevelMembers } from '@understudy/provider';
import { readJson } from '@understudy/submission';
import type { ReadLine } from './line-format.ts';

/** A problem of a line, by its code. */
export function lineProblem(code: string, message: string, param?: string): ReadLine {
  return { kind: 'problem', problem: { code, message, ...(param === undefined ? {} : { param }) } };
}

/** The object that a line holds, or why it holds none. */
export function readJsonLine(
  line: Buffer,
  limits: JsonLimits,
): { members: Record<string, unknown> } | { problem: ReadLine } {
  try {
    // The body stands one level below the line.
    const value = readJson(line, { ...limits, jsonDepth: limits.jsonDepth + 1 });
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { members: { ...value } };
    }
    return { problem: lineProblem('invalid_json_line', 'the line is no JSON object') };
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    const message = error.message
      .replace(/^the body/, 'the line')
      // What is told beside it is the line of the file.
      .replace(/ \(line 1, column \d+\)$/, '');
    return { problem: lineProblem('invalid_json_line', message) };
  }
}

/** The request of a line whose JSON was read, with the bytes of its body as they came. */
export function requestOf(
  line: Buffer,
  member: 'body' | 'params',
  members: Record<string, unknown>,
): ReadLine {
  const { custom_id: customId, [member]: body } = members;
  if (customId === undefined) return missing('custom_id');
  if (typeof customId !== 'string' || customId === '' || !customId.isWellFormed()) {
    return lineProblem(
      'invalid_custom_id',
      'custom_id must be a text that is not empty',
      'custom_id',
    );
  }
  const range = topLevelMembers(line).get(member);
  if (range === undefined) return missing(member);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return lineProblem('invalid_request', `${member} must be a JSON object`, member);
  }
  return { kind: 'request', customId, body, bodyBytes: line.subarray(range.start, range.end) };
}

export function missing(member: string): ReadLine {
  return lineProblem('missing_required_parameter', `the line has no member "${member}"`, member);
}

/** The custom_id of a line that is otherwise wrong; empty where it cannot be read. */
export function customIdIn(line: Buffer): string {
  try {
    const range = topLevelMembers(line).get('custom_id');
    if (range === undefined) return '';
    const value: unknown = JSON.parse(line.toString('utf8', range.start, range.end));
    return typeof value === 'string' ? value.toWellFormed() : '';
  } catch {
    return '';
  }
}
