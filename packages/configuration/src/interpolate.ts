import { formatProblem, type PathPart } from './problem-path.ts';
import { mapTexts, type Tree } from './yaml-tree.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Interpolated {
  /** Texts with an unresolved reference are undefined. */
  tree: Tree;
  problems: { path: readonly PathPart[]; text: string }[];
}

const REFERENCE = /(\$?)\$\{([^}]*)\}/g;
const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)(:-(.*))?$/s;

/**
 * Puts the environment's values in place of `${NAME}` and `${NAME:-default}`; an empty variable
 * counts as not set, `$${` stays a literal `${`. Values are never interpreted as YAML.
 */
export function interpolate(tree: Tree, environment: Environment): Interpolated {
  const problems: Interpolated['problems'] = [];
  const resolved = mapTexts(tree, (text, path) => {
    let failed = false;
    const value = text.replaceAll(REFERENCE, (whole: string, escape: string, inner: string) => {
      if (escape !== '') return whole.slice(1);
      const found = lookUp(inner, environment);
      if (found.value !== undefined) return found.value;
      failed = true;
      problems.push({ path, text: formatProblem(path, found.problem) });
      return '';
    });
    return failed ? undefined : value;
  });
  return { tree: resolved, problems };
}

function lookUp(
  inner: string,
  environment: Environment,
): { value: string } | { value: undefined; problem: string } {
  const [, name, hasDefault, fallback] = VARIABLE.exec(inner) ?? [];
  if (name === undefined) {
    const problem = `"\${${inner}}" is no reference; write \${NAME} or \${NAME:-default}`;
    return { value: undefined, problem };
  }
  const value = environment[name];
  if (value !== undefined && value !== '') return { value };
  if (hasDefault !== undefined) return { value: fallback ?? '' };
  const state = value === undefined ? 'not set' : 'empty';
  return {
    value: undefined,
    problem: `the environment variable ${name} is ${state}; set it, or give a default: \${${name}:-…}`,
  };
}
