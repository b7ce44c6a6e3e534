export type PathPart = string | number;

const PLAIN_MEMBER = /^[A-Za-z0-9_$-]+$/;

/** Renders where a problem is: `routes.opus.targets[1].provider`, `routes["gpt-4.1"].targets`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = String(part);
    if (!PLAIN_MEMBER.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** One line of a ConfigurationError. */
export function formatProblem(path: readonly PropertyKey[], message: string): string {
  return path.length === 0 ? message : `${formatPath(path)}: ${message}`;
}
