import { isObject } from '@understudy/contracts';
import type {
  Dialect,
  JsonObject,
  LossWarning,
  RefusedMember,
  Registration,
} from '@understudy/contracts';
import type { TopLevelEdits } from '@understudy/provider';

/** What a body has to do without, and what its caller is told of it. */
export interface WithoutRefused {
  edits: TopLevelEdits;
  losses: LossWarning[];
  /** The dialect in which something of it can be asked for at the same provider. */
  by?: Dialect;
}

/**
 * What a provider refuses of a dialect for one model.
 * @param canonical our name of the model, where there is one
 */
export function refusedIn(
  { refuses }: Registration,
  dialect: Dialect,
  canonical: string | undefined,
): readonly RefusedMember[] {
  const refused = refuses?.[dialect] ?? [];
  return refused.filter(
    ({ models }) => models === undefined || (canonical !== undefined && models.includes(canonical)),
  );
}

/**
 * Takes out what a provider refuses. Only what asks for something else than what holds anyway is
 * told as lost; `null` is how callers write that they ask for nothing.
 * @param read a top-level member of the body as it would be sent
 */
export function withoutRefused(
  refused: readonly RefusedMember[],
  read: (name: string) => unknown,
): WithoutRefused {
  const edits: Record<string, unknown> = {};
  const losses: LossWarning[] = [];
  const others: Dialect[] = [];
  for (const { path, holds = null, message, by } of refused) {
    const steps = path.split('.');
    const top = withoutEach(steps[0] ?? '');
    const value = Object.hasOwn(edits, top) ? edits[top] : read(top);
    if (value === undefined) continue;
    const removed: unknown[] = [];
    const rest = strip({ [top]: value }, steps, removed);
    if (removed.length === 0) continue;
    edits[top] = rest[top];
    const asked = removed.filter((one) => one !== null && written(one) !== written(holds));
    if (asked.length === 0) continue;
    losses.push({ field: path, message });
    if (by !== undefined) others.push(by);
  }
  const [by] = others;
  return { edits, losses, ...(by === undefined ? {} : { by }) };
}

function strip(value: JsonObject, steps: readonly string[], removed: unknown[]): JsonObject {
  const [step = '', ...inner] = steps;
  const name = withoutEach(step);
  if (!Object.hasOwn(value, name)) return value;
  const { [name]: member, ...rest } = value;
  if (inner.length === 0) {
    removed.push(member);
    return rest;
  }
  const stripped = (one: unknown): unknown => (isObject(one) ? strip(one, inner, removed) : one);
  if (step !== name) {
    return Array.isArray(member) ? { ...value, [name]: member.map(stripped) } : value;
  }
  const left = stripped(member);
  // A member of which nothing is left asks for nothing.
  return isObject(left) && Object.keys(left).length === 0 ? rest : { ...value, [name]: left };
}

function withoutEach(step: string): string {
  return step.endsWith('[]') ? step.slice(0, -2) : step;
}

function written(value: unknown): string | undefined {
  return JSON.stringify(value);
}

// A number that is kept as it was written is an object too, without members of its own.
