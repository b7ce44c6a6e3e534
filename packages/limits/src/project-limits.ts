import { limitsSchema } from '@understudy/contracts';
import type { Limits } from '@understudy/contracts';
import { loadScript, subscribePatiently } from '@understudy/runtime';
import type { Redis, Subscriber } from '@understudy/runtime';
import { z } from 'zod';

const changeScript = loadScript(new URL('./scripts/change-limits.lua', import.meta.url));

/** Others changed the same limits between reading and writing so many times in a row. */
const MOST_RETRIES = 20;

const textsSchema = z.record(z.string(), z.string());

/** Limits to give to a project: `null` takes one away, an absent one stays as it is. */
export type LimitsChange = {
  readonly [Name in keyof Limits]?: Exclude<Limits[Name], undefined> | null;
};

/** What administrators let each project have, beside what the configuration says. */
export interface ProjectLimits {
  /** As this process knows them; at most moments behind a change made elsewhere. */
  current(): Readonly<Record<string, Limits>>;
  /** Reads them now. */
  reload(): Promise<void>;
  /**
   * Atomic, and known to this process when it resolves; other processes are told at once.
   * @returns the limits as they are now
   */
  change(project: string, change: LimitsChange): Promise<Limits>;
}

export interface ProjectLimitsOptions {
  /** For changes. */
  redis: Redis;
  /** For reading, which may wait until Redis is there. */
  background: Redis;
  /** Hears of changes that other processes make. */
  subscriber: Subscriber;
  keyPrefix: string;
  /** Something was changed, here or elsewhere. */
  heard(): void;
}

export function createProjectLimits(options: ProjectLimitsOptions): ProjectLimits {
  const { redis, background, subscriber, keyPrefix: prefix } = options;
  const key = `${prefix}:project-limits`;
  const channel = `${prefix}:project-limits-changed`;
  let current: Readonly<Record<string, Limits>> = {};
  subscriber.on('message', (from) => {
    if (from === channel) options.heard();
  });
  void subscribePatiently(subscriber, channel);

  const reload = async (): Promise<void> => {
    const texts = textsSchema.parse(await background.hgetall(key));
    current = Object.fromEntries(
      Object.entries(texts).map(([project, text]) => [project, parseLimits(text)]),
    );
  };
  return {
    current: () => current,
    reload,
    change: async (project, change) => {
      for (let tries = 0; tries < MOST_RETRIES; tries += 1) {
        const before = await redis.hget(key, project);
        const changed = changedLimits(before === null ? {} : parseLimits(before), change);
        const text = Object.keys(changed).length === 0 ? '' : JSON.stringify(changed);
        const reply = await changeScript.run(redis, [key], [project, before ?? '', text, channel]);
        if (Number(reply) !== 1) continue;
        await reload();
        return changed;
      }
      throw new Error(`the limits of ${project} changed ${MOST_RETRIES} times meanwhile`);
    },
  };
}

function parseLimits(text: string): Limits {
  return limitsSchema.parse(JSON.parse(text));
}

function changedLimits(before: Limits, change: LimitsChange): Limits {
  const members = Object.entries({ ...before, ...change });
  return limitsSchema.parse(Object.fromEntries(members.filter(([, value]) => value !== null)));
}
