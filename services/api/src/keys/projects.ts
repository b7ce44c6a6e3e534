import { loadScript, replyList, replyText } from '@understudy/runtime';
import type { Clock, Redis } from '@understudy/runtime';
import { z } from 'zod';
import { madeKey, projectsKey } from './key-names.ts';
import { DEFAULT_PROJECT } from './stored-key.ts';

const createScript = loadScript(new URL('./scripts/create-project.lua', import.meta.url));

/** How long a repeat with the same idempotency key is known. */
export const MADE_REMEMBERED_MS = 86_400_000;

/** A request that brought an idempotency key. */
export interface IdempotentRequest {
  /** Made from the caller's project and the idempotency key. */
  id: string;
  fingerprint: string;
}

const projectSchema = z.object({ name: z.string(), created_at: z.number().optional() });
/** Who owns jobs, files, batches, endpoints and events. `default` has no time of creation. */
export type Project = z.infer<typeof projectSchema>;

type ProjectCreation =
  | { kind: 'made'; project: Project }
  /** The idempotency key made a project before, by a request of this fingerprint. */
  | { kind: 'repeated'; fingerprint: string; project: Project }
  | { kind: 'exists' };

export interface Projects {
  /** Atomic: of two who make the same one, one hears that it exists. */
  create(name: string, request: IdempotentRequest | undefined): Promise<ProjectCreation>;
  /** Undefined where it was never made; `default` is always there. */
  find(name: string): Promise<Project | undefined>;
  /** A page by name, `default` before all others; `hasMore` where more follow. */
  list(query: ProjectQuery): Promise<{ projects: Project[]; hasMore: boolean }>;
}

interface ProjectQuery {
  /** The name that the page before ended with; it need not be there. */
  after?: string | undefined;
  limit: number;
}

export function createProjects(redis: Redis, prefix: string, clock: Clock): Projects {
  return {
    create: async (name, request) => {
      const project: Project = { name, created_at: clock.now() };
      const [kind, fingerprint = '', text = ''] = replyList(
        await createScript.run(
          redis,
          [projectsKey(prefix), madeKey(prefix, request?.id ?? '')],
          [name, JSON.stringify(project), request?.fingerprint ?? '', MADE_REMEMBERED_MS],
        ),
      ).map(replyText);
      if (kind === 'made') return { kind, project };
      if (kind === 'exists') return { kind };
      return { kind: 'repeated', fingerprint, project: parseProject(text) };
    },
    find: async (name) => {
      if (name === DEFAULT_PROJECT) return { name };
      const text = await redis.hget(projectsKey(prefix), name);
      return text === null ? undefined : parseProject(text);
    },
    list: async ({ after, limit }) => {
      const names = namesAfter(after, (await redis.hkeys(projectsKey(prefix))).toSorted());
      const page = names.slice(0, limit);
      const texts = page.length === 0 ? [] : await redis.hmget(projectsKey(prefix), ...page);
      // Only `default` has no record; a project is never taken away.
      const projects = page.map((name, index) => {
        const text = texts[index] ?? null;
        return text === null ? { name } : parseProject(text);
      });
      return { projects, hasMore: names.length > page.length };
    },
  };
}

/** @param made names of the projects that were made, in order */
function namesAfter(after: string | undefined, made: readonly string[]): readonly string[] {
  if (after === undefined) return [DEFAULT_PROJECT, ...made];
  return after === DEFAULT_PROJECT ? made : made.filter((name) => name > after);
}

function parseProject(text: string): Project {
  return projectSchema.parse(JSON.parse(text));
}
