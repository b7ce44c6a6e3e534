import type { z } from 'zod';
import { formatProblem } from './problem-path.ts';

type Issue = z.core.$ZodIssue;

export interface ShapeProblem {
  path: readonly PropertyKey[];
  /** The whole line: path and message. */
  text: string;
}

/** A zod issue as problems, each with its path; `path` is where the checked part stands. */
export function shapeProblems(issue: Issue, path: readonly PropertyKey[] = []): ShapeProblem[] {
  const at = [...path, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return issue.keys.map((key, index) => problemAt([...at, key], messages[index] ?? 'unknown'));
  }
  if (issue.code === 'invalid_union') {
    return closestBranch(issue.errors).flatMap((inner) => shapeProblems(inner, at));
  }
  if (issue.code === 'invalid_key') {
    return [problemAt(at, issue.issues[0]?.message ?? issue.message)];
  }
  return [problemAt(at, describe(issue))];
}

function problemAt(path: readonly PropertyKey[], message: string): ShapeProblem {
  return { path, text: formatProblem(path, message) };
}

// The alternative that was meant is the one with the fewest complaints about its own members:
// within a split of bad arms all complaints lie deeper.
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const ownComplaints = (branch: readonly Issue[]) =>
    branch
      .filter((issue) => issue.path.length <= 1)
      .reduce(
        (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1),
        0,
      );
  return branches.toSorted((a, b) => ownComplaints(a) - ownComplaints(b))[0] ?? [];
}

/** With the value where it is a number out of bounds or no choice: neither is ever a credential. */
function describe({ code, input, message }: Issue): string {
  const isNumber = (code === 'too_small' || code === 'too_big') && typeof input === 'number';
  const isChoice = code === 'invalid_value' && typeof input === 'string';
  if (!isNumber && !isChoice) return message;
  const shown = JSON.stringify(input).slice(0, LONGEST_SHOWN);
  return isChoice && message.includes(shown) ? message : `${message}; it is ${shown}`;
}

const LONGEST_SHOWN = 40;
