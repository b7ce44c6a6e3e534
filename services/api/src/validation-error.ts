import { BrokerError } from '@understudy/contracts';
import { z } from 'zod';

interface ValidationProblem {
  instancePath?: string;
  message?: string;
  keyword?: string;
  params?: Record<string, unknown>;
}

/** What zod adds to two kinds of its issues. */
const alternativesSchema = z.object({
  errors: z.array(z.array(z.object({ message: z.string() }))),
});
const unknownKeysSchema = z.object({ keys: z.array(z.string()) });

const MOST_PROBLEMS_NAMED = 10;
const LONGEST_NAME = 100;

/** Names every member that is wrong, and never what it held. */
export function validationError(error: {
  validation: readonly ValidationProblem[];
  validationContext?: string | undefined;
}): BrokerError {
  const problems = error.validation.flatMap(innermost);
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

function innermost(problem: ValidationProblem): NamedProblem[] {
  const path = (problem.instancePath ?? '').split('/').filter(Boolean).join('.');
  if (problem.keyword === 'unrecognized_keys') return unknownMembers(path, problem.params);
  const message = problem.message ?? 'is not valid';
  const alternatives = alternativesSchema.safeParse(problem.params);
  if (problem.keyword !== 'invalid_union' || !alternatives.success) return [{ path, message }];
  const wishes = alternatives.data.errors.flatMap((issues) =>
    issues.map((issue) => issue.message.replace(/^Invalid (?:input|option): /, '')),
  );
  return [{ path, message: [...new Set(wishes)].join(', or ') }];
}

function unknownMembers(path: string, params: Record<string, unknown> | undefined): NamedProblem[] {
  return unknownKeysSchema.parse(params).keys.map((key) => ({
    path: path === '' ? key : `${path}.${key}`,
    message: 'is not a member this request has',
  }));
}

function placeName(context: string | undefined): string {
  return context === 'querystring' ? 'the query' : 'the request';
}
