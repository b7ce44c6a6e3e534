/** As V8 writes it (`.cpuprofile`): a tree of calls, and which of its nodes each sample met. */
export interface CpuProfile {
  nodes: ProfileNode[];
  samples: number[];
  /** Microseconds from the sample before to each; as many as samples. */
  timeDeltas: number[];
}

interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
}

/** One function's own time, without what it called. */
export interface SelfTime {
  name: string;
  /** File and line, as short as it can be told apart. */
  place: string;
  microseconds: number;
  /** Of the time in which the process did anything. */
  share: number;
}

/** V8's names for doing nothing. `(program)` is work outside of JavaScript, such as system calls. */
const IDLE = new Set(['(idle)', '(root)']);

/** The functions in which most time was spent, most first. */
export function topSelfTimes(profile: CpuProfile, count: number): SelfTime[] {
  const byNode = new Map<number, number>();
  for (const [index, id] of profile.samples.entries()) {
    // What a sample met goes on until the next one.
    byNode.set(id, (byNode.get(id) ?? 0) + (profile.timeDeltas[index + 1] ?? 0));
  }
  const byFunction = new Map<string, Omit<SelfTime, 'share'>>();
  for (const { id, callFrame } of profile.nodes) {
    const name = callFrame.functionName || '(anonymous)';
    if (IDLE.has(name)) continue;
    const place =
      callFrame.url === '' ? '' : `${shortUrl(callFrame.url)}:${callFrame.lineNumber + 1}`;
    const known = byFunction.get(`${name} ${place}`) ?? { name, place, microseconds: 0 };
    known.microseconds += byNode.get(id) ?? 0;
    byFunction.set(`${name} ${place}`, known);
  }
  const functions = [...byFunction.values()];
  const total = functions.reduce((sum, { microseconds }) => sum + microseconds, 0);
  return functions
    .toSorted((a, b) => b.microseconds - a.microseconds)
    .slice(0, count)
    .map((one) => ({ ...one, share: total === 0 ? 0 : one.microseconds / total }));
}

/** From the package on, or from the repository's folder on. */
function shortUrl(url: string): string {
  const inPackage = url.lastIndexOf('/node_modules/');
  if (inPackage >= 0) return url.slice(inPackage + '/node_modules/'.length);
  const root = new URL('../..', import.meta.url).href;
  return url.startsWith(root) ? url.slice(root.length) : url;
}
