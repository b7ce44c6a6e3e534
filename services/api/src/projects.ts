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
  /** By name; `default` is always there. */
  list(): Promise<Project[]>;
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
      return { kind: 'repeated', fingerprint, project: projectSchema.parse(JSON.parse(text)) };
    },
    list: async () => {
      const rows = await redis.hvals(projectsKey(prefix));
      const made = rows.map((text) => projectSchema.parse(JSON.parse(text)));
      return [{ name: DEFAULT_PROJECT }, ...made.toSorted((a, b) => (a.name < b.name ? -1 : 1))];
    },
  };
}
