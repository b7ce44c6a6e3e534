import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { z } from 'zod';
import { isUnfinishedText, parseKind } from './job-kind.ts';
import { kindListKey, kindsKey, waysKey } from './list-keys.ts';
import type { JobList } from './walk-lists.ts';

/** The unfinished jobs of a project that ask for one model. */
export interface UnfinishedModel {
  model: string;
  /** Where they stand: in the queue of a provider, or in none, '', while they wait. */
  lists: (JobList & { provider: string })[];
  /** The ways that were noted of it; undefined where none were. */
  noted?: string;
}

/** What is known of the models that a project's unfinished jobs ask for. */
export interface ProjectWays {
  project: string;
  models: UnfinishedModel[];
  /** Models of which ways are noted though no job of a list asks for them. */
  forgotten: string[];
}

/** One round trip for all projects. */
export async function readWays(
  redis: Redis,
  prefix: string,
  projects: readonly string[],
): Promise<ProjectWays[]> {
  const pipeline = redis.pipeline();
  for (const project of projects) {
    pipeline.smembers(kindsKey(prefix, project)).hgetall(waysKey(prefix, project));
  }
  const replies = await repliesOf(pipeline.exec());
  return projects.map((project, index) => {
    const kinds = z
      .array(z.string())
      .parse(replies[2 * index])
      .filter(isUnfinishedText);
    const noted = z.record(z.string(), z.string()).parse(replies[2 * index + 1]);
    const models = new Map<string, UnfinishedModel>();
    for (const text of kinds) {
      const { model, provider } = parseKind(text);
      const known = models.get(model) ?? { model, lists: [], ...notedOf(noted, model) };
      known.lists.push({ project, key: kindListKey(prefix, project, text), provider });
      models.set(model, known);
    }
    const forgotten = Object.keys(noted).filter((model) => !models.has(model));
    return { project, models: [...models.values()], forgotten };
  });
}

function notedOf(noted: Readonly<Record<string, string>>, model: string): { noted?: string } {
  return Object.hasOwn(noted, model) ? { noted: noted[model]! } : {};
}

/** Notes of which ways the waiting jobs of a project know, model by model, and forgets of others. */
export async function noteWays(
  redis: Redis,
  prefix: string,
  project: string,
  ways: ReadonlyMap<string, string>,
  forgotten: readonly string[],
): Promise<void> {
  const transaction = redis.multi();
  if (forgotten.length > 0) transaction.hdel(waysKey(prefix, project), ...forgotten);
  if (ways.size > 0) transaction.hset(waysKey(prefix, project), ways);
  await repliesOf(transaction.exec());
}
