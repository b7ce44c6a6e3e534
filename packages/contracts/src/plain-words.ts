import { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  nan: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

/**
 * What zod says of a value that is not right, for callers, scripts and operators: what is wanted, in
 * words that JSON and YAML have (there is no `undefined` in either), and never the value itself, which
 * may be a secret. What a schema says by an `error` of its own goes before it.
 */
export function plainWords(issue: Issue): string {
  const wish = wishOf(issue);
  return issue.input === undefined && issue.code !== 'unrecognized_keys'
    ? `is missing; ${wish}`
    : wish;
}

function wishOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.length === 1 ? '' : 'one of '}${listed(issue.values)}`;
    case 'too_small':
      return tooSmall(issue.origin, Number(issue.minimum), issue.inclusive ?? true);
    case 'too_big':
      return `expected ${(issue.inclusive ?? true) ? 'at most' : 'less than'} ${amount(issue.origin, Number(issue.maximum))}`;
    case 'invalid_format':
      return FORMS[issue.format] ?? `expected ${issue.format}`;
    case 'unrecognized_keys':
      return `has members that are not known: ${listed(issue.keys)}`;
    case 'invalid_union':
      return alternatives(issue.errors);
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'not_multiple_of':
    default:
      return 'is not right';
  }
}

const FORMS: Readonly<Record<string, string>> = {
  datetime: 'expected a time such as 2026-11-22T09:00:00Z',
  url: 'expected a URL',
  regex: 'has another form than is wanted',
};

function tooSmall(origin: string, minimum: number, inclusive: boolean): string {
  if (minimum === 1 && inclusive && COUNTED[origin] !== undefined) return 'is empty';
  return `expected ${inclusive ? 'at least' : 'more than'} ${amount(origin, minimum)}`;
}

const COUNTED: Readonly<Record<string, string>> = { string: 'characters', array: 'items' };

function amount(origin: string, count: number): string {
  const counted = COUNTED[origin];
  return counted === undefined ? String(count) : `${count} ${counted}`;
}

function listed(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}

/** What each of the forms would have wanted. */
function alternatives(errors: readonly (readonly { message: string }[])[]): string {
  const wishes = errors.flatMap((issues) =>
    issues.map(({ message }) => message.replace(/^is missing; /, '')),
  );
  return wishes.length === 0 ? 'has none of the forms' : [...new Set(wishes)].join(', or ');
}

// Zod keeps its language for the whole process; whoever reads what crosses a border imports this package.
z.config({ localeError: plainWords });
