import { nearNames, suggestName } from '@understudy/configuration';
import { BrokerError } from '@understudy/contracts';
import type { z } from 'zod';
import { membersAt } from './members-at.ts';

type Issue = z.core.$ZodIssue;

/** A part of a request that is not as its schema wants it. */
export interface InvalidPart {
  issues: readonly Issue[];
  schema: z.ZodType;
  /** As Fastify calls it. */
  part: string | undefined;
}

const MOST_PROBLEMS_NAMED = 10;
const LONGEST_NAME = 100;

/**
 * Names every member that is wrong, and never what it held; of a name that is not known, or of a word
 * that is no choice, the one that it looks like.
 */
export function validationError(invalid: InvalidPart): BrokerError {
  const problems = invalid.issues.flatMap((issue) => problemsOf(issue, invalid));
  const named = problems.slice(0, MOST_PROBLEMS_NAMED).map(({ path, message }) => {
    const place = path === '' ? placeName(invalid) : path;
    return `${place.slice(0, LONGEST_NAME)}: ${message()}`;
  });
  const rest = problems.length - named.length;
  const param = problems[0]?.path.slice(0, LONGEST_NAME);
  return new BrokerError(
    'invalid_request',
    rest === 0 ? named.join('; ') : `${named.join('; ')}; and ${rest} more`,
    param === undefined || param === '' ? {} : { param },
  );
}

interface Problem {
  path: string;
  /** Looking for names takes time, and a caller may send any number of wrong ones. */
  message(): string;
}

function problemsOf(issue: Issue, { schema, part }: InvalidPart): Problem[] {
  const path = issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys') return [{ path, message: () => withNearest(issue) }];
  const what = `is not a ${part === 'querystring' ? 'parameter' : 'member'} this request has`;
  const known = membersAt(schema, issue.path);
  return issue.keys.map((key) => ({
    path: path === '' ? key : `${path}.${key}`,
    message: () => (known === undefined ? what : `${what}; ${suggestName(key, known)}`),
  }));
}

function withNearest(issue: Issue): string {
  if (issue.code !== 'invalid_value' || typeof issue.input !== 'string') return issue.message;
  const [nearest] = nearNames(issue.input, issue.values.map(String));
  return nearest === undefined ? issue.message : `${issue.message}; did you mean "${nearest}"?`;
}

function placeName({ part }: InvalidPart): string {
  return part === 'querystring' ? 'the query' : 'the request';
}
