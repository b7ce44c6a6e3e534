import { lineProblem, missing, readJsonLine, requestOf } from './json-line.ts';
import type { LineRules, ReadLine } from './line-format.ts';

/** Callers whose base URL ends in `/openai/v1` write their lines' URLs like that, too. */
const PREFIX = '/openai';

/** `{"custom_id", "method": "POST", "url", "body"}` */
export function readOpenAiLine(line: Buffer, { endpoint, ...limits }: LineRules): ReadLine {
  const read = readJsonLine(line, limits);
  if ('problem' in read) return read.problem;
  const request = requestOf(line, 'body', read.members);
  if (request.kind === 'problem') return request;
  const { method, url } = read.members;
  if (method === undefined) return missing('method');
  if (method !== 'POST') return lineProblem('invalid_method', 'method must be "POST"', 'method');
  if (url === undefined) return missing('url');
  if (url !== endpoint && url !== `${PREFIX}${endpoint}`) {
    return lineProblem('url_mismatch', `url must be the batch's endpoint, "${endpoint}"`, 'url');
  }
  return request;
}
