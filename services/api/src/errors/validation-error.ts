import { BrokerError } from '@understudy/contracts';
import { z } from 'zod';

interface ValidationProblem {
  instancePath?: string;
  message?: string;
  keyword?: string;
  params?: Record<string, unknown>;
}

/** What zod adds to its issue of members that are not known. */
const unknownKeysSchema = z.object({ keys: z.array(z.string()) });

const MOST_PROBLEMS_NAMED = 10;
const LONGEST_NAME = 100;

/** Names every member that is wrong, and never what it held. */
export function validationError(error: {
  validation: readonly ValidationProblem[];
  validationContext?: string | undefined;
}): BrokerError {
  const problems = error.validation.flatMap((problem) =>
    namedProblems(problem, error.validationContext),
  );
  const named = problems.slice(0, MOST_PROBLEMS_NAMED).map(({ path, message }) => {
    const place = path === '' ? placeName(error.validationContext) : path;
    return `${place.slice(0, LONGEST_NAME)}: ${message}`;
  });
  const rest = problems.length - named.length;
  const param = problems[0]?.path.slice(0, LONGEST_NAME);
  return new BrokerError(
    'invalid_request',
    rest === 0 ? named.join('; ') : `${named.join('; ')}; and ${rest} more`,
    param === undefined || param === '' ? {} : { param },
  );
}

interface NamedProblem {
  path: string;
  message: string;
}

function namedProblems(problem: ValidationProblem, context: string | undefined): NamedProblem[] {
  const path = (problem.instancePath ?? '').split('/').filter(Boolean).join('.');
  if (problem.keyword === 'unrecognized_keys') {
    return unknownKeysSchema.parse(problem.params).keys.map((key) => ({
      path: path === '' ? key : `${path}.${key}`,
      message: `is not a ${context === 'querystring' ? 'parameter' : 'member'} this request has`,
    }));
  }
  return [{ path, message: problem.message ?? 'is not valid' }];
}

function placeName(context: string | undefined): string {
  return context === 'querystring' ? 'the query' : 'the request';
}
