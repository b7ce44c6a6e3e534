import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import type { DeliveryFilter, ListedDelivery } from './delivery.ts';
import type { DeliveryReference } from './delivery-records.ts';
import { deliveryStateSchema } from './delivery.ts';

/** Where a page of a list begins: after this delivery, newest first. */
interface ListPosition {
  createdAt: number;
  id: string;
}

/** So many are forgotten at a time, so that none holds Redis for long. */
const TRIMMED_AT_ONCE = 1000;

/** What a project's deliveries are found by. May name some that are no longer kept, or have moved on. */
export interface DeliveryLists {
  /** Brings the lists in line with deliveries as they were read. Doing it twice changes nothing. */
  index(deliveries: readonly ListedDelivery[]): Promise<void>;
  /** References that the most telling member of the filter finds, newest first. */
  page(
    project: string,
    filter: DeliveryFilter,
    after: ListPosition | undefined,
    limit: number,
  ): Promise<(DeliveryReference & { createdAt: number })[]>;
  /** As `page`, oldest first, without those before `offset`. */
  oldest(
    project: string,
    filter: DeliveryFilter,
    offset: number,
    limit: number,
  ): Promise<DeliveryReference[]>;
  /** The endpoint of a delivery that a project has. */
  find(project: string, id: string): Promise<DeliveryReference | undefined>;
  /** Forgets deliveries that were made before this instant, in every project. */
  trim(before: number): Promise<void>;
}

/** @param keepMs how long the list of a job is kept after its latest delivery moved */
export function createDeliveryLists(redis: Redis, prefix: string, keepMs: number): DeliveryLists {
  const base = (project: string): string => `${prefix}:{p:${project}}:deliveries`;
  const listOf = (project: string, { job, endpoint, state }: DeliveryFilter): string => {
    if (job !== undefined) return `${base(project)}:job:${job}`;
    if (endpoint !== undefined) return `${base(project)}:endpoint:${endpoint}`;
    return state === undefined ? `${base(project)}:all` : `${base(project)}:state:${state}`;
  };
  const namesKey = (project: string): string => `${base(project)}:lists`;
  const endpointsKey = (project: string): string => `${base(project)}:endpoint-of`;
  const projectsKey = `${prefix}:{webhooks}:projects`;

  return {
    index: async (deliveries) => {
      for (const [project, ofProject] of Map.groupBy(deliveries, (one) => one.project)) {
        const pipeline = redis.pipeline();
        const lists = new Set<string>();
        for (const { id, endpoint, event, state, createdAt } of ofProject) {
          const filters: DeliveryFilter[] = [{}, { endpoint }, { state }];
          for (const list of filters.map((filter) => listOf(project, filter))) {
            lists.add(list);
            pipeline.zadd(list, createdAt, id);
          }
          if (event.job !== undefined) {
            const list = listOf(project, { job: event.job });
            pipeline.zadd(list, createdAt, id).pexpire(list, keepMs);
          }
          for (const other of deliveryStateSchema.options) {
            if (other !== state) pipeline.zrem(listOf(project, { state: other }), id);
          }
          pipeline.hset(endpointsKey(project), id, endpoint);
        }
        pipeline.sadd(namesKey(project), ...lists);
        // Before the lists, so that none is left untrimmed.
        await redis.sadd(projectsKey, project);
        await repliesOf(pipeline.exec());
      }
    },
    page: async (project, filter, after, limit) => {
      const key = listOf(project, filter);
      const upper =
        after?.createdAt ?? (filter.before === undefined ? '+inf' : `(${filter.before}`);
      // Members of equal score come in reverse lexical order; those up to the position are passed over.
      const ties = after === undefined ? 0 : await redis.zcount(key, upper, upper);
      const rows = await redis.zrange(
        key,
        upper,
        String(filter.since ?? '-inf'),
        'BYSCORE',
        'REV',
        'LIMIT',
        0,
        limit + ties,
        'WITHSCORES',
      );
      const found = [];
      for (let index = 0; index < rows.length; index += 2) {
        const [id = '', createdAt] = [rows[index], Number(rows[index + 1])];
        if (after !== undefined && createdAt === after.createdAt && id >= after.id) continue;
        found.push({ id, createdAt });
      }
      const kept = found.slice(0, limit);
      const endpoints = await endpointsOf(
        kept.map(({ id }) => id),
        project,
      );
      return kept.flatMap((row, index) => {
        const endpoint = endpoints[index];
        return typeof endpoint === 'string' ? [{ ...row, endpoint }] : [];
      });
    },
    oldest: async (project, filter, offset, limit) => {
      const from = filter.since ?? '-inf';
      const to = below(filter);
      const key = listOf(project, filter);
      const ids = await redis.zrange(key, from, to, 'BYSCORE', 'LIMIT', offset, limit);
      const endpoints = await endpointsOf(ids, project);
      return ids.flatMap((id, index) => {
        const endpoint = endpoints[index];
        return typeof endpoint === 'string' ? [{ id, endpoint }] : [];
      });
    },
    find: async (project, id) => {
      const endpoint = await redis.hget(endpointsKey(project), id);
      return endpoint === null ? undefined : { id, endpoint };
    },
    trim: async (before) => {
      for (const project of await redis.smembers(projectsKey)) {
        const names = await redis.smembers(namesKey(project));
        let trimmed = false;
        while (await trimSome(project, before)) trimmed = true;
        if (trimmed) await forgetEmpty(project, names);
      }
    },
  };

  /**
   * Out of the lists in which a delivery may stand, not out of all that a project has: each URL that
   * callbacks go to has one. The list of all goes last, as it says what is left to do.
   * @returns whether there was anything
   */
  async function trimSome(project: string, before: number): Promise<boolean> {
    const all = listOf(project, {});
    const old = await redis.zrange(
      all,
      '-inf',
      `(${before}`,
      'BYSCORE',
      'LIMIT',
      0,
      TRIMMED_AT_ONCE,
    );
    if (old.length === 0) return false;
    const endpoints = await endpointsOf(old, project);
    const pipeline = redis.pipeline();
    for (const state of deliveryStateSchema.options) {
      pipeline.zrem(listOf(project, { state }), ...old);
    }
    for (const [endpoint, ids] of Map.groupBy(old, (_, index) => endpoints[index])) {
      if (typeof endpoint === 'string') pipeline.zrem(listOf(project, { endpoint }), ...ids);
    }
    pipeline.hdel(endpointsKey(project), ...old);
    pipeline.zrem(all, ...old);
    await repliesOf(pipeline.exec());
    return true;
  }

  async function endpointsOf(ids: readonly string[], project: string) {
    return ids.length === 0 ? [] : redis.hmget(endpointsKey(project), ...ids);
  }

  /** Endpoints of callbacks come and go; their names would stay for ever. */
  async function forgetEmpty(project: string, names: readonly string[]): Promise<void> {
    const pipeline = redis.pipeline();
    for (const name of names) pipeline.exists(name);
    const exist = await repliesOf(pipeline.exec());
    const empty = names.filter((_, index) => exist[index] === 0);
    if (empty.length > 0) await redis.srem(namesKey(project), ...empty);
  }
}

/** The upper end of a range of scores. */
function below({ before }: DeliveryFilter): string {
  return before === undefined ? '+inf' : `(${before}`;
}
