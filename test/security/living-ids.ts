import type { HostileRequest } from './hostile-request.ts';

/**
 * Ids of things that are there. Requests are made up long before they are sent, and each may delete
 * what the others name: so they name every thing by the id that it had first, and are sent with the one
 * that it has by then.
 */
export interface LivingIds {
  current(request: HostileRequest): HostileRequest;
  /** Makes anew what an accepted request has deleted, or brought to its end. */
  renewAfter(request: HostileRequest): Promise<void>;
}

interface LivingThing {
  readonly firstId: string;
  id: string;
  make(): Promise<string>;
}

/** What ends a thing: it is deleted, or cancelled. */
const ENDS = /^(?:DELETE \S+|POST \S+\/cancel)$/;
/** What ends every job that has not ended, and where ids of jobs begin. */
const ENDS_ALL_JOBS = 'POST /v1/jobs/cancel';
const OF_A_JOB = /^(?:job|resp)_/;

/** @param makers by the id that each thing has now, what makes another such thing and says its id */
export function createLivingIds(makers: ReadonlyMap<string, () => Promise<string>>): LivingIds {
  const things = [...makers].map(([id, make]): LivingThing => ({ firstId: id, id, make }));
  return {
    current: (request) =>
      things.reduce((sent, { firstId, id }) => renamed(sent, firstId, id), request),
    renewAfter: async ({ method, target }) => {
      const [path = ''] = target.split('?', 1);
      const call = `${method} ${path}`;
      if (!ENDS.test(call)) return;
      const ended = things.filter(({ id }) =>
        call === ENDS_ALL_JOBS ? OF_A_JOB.test(id) : path.split('/').includes(id),
      );
      for (const thing of ended) thing.id = await thing.make();
    },
  };
}

function renamed(request: HostileRequest, from: string, to: string): HostileRequest {
  if (from === to) return request;
  const { target, body } = request;
  const text = body === undefined ? undefined : Buffer.from(body).toString('latin1');
  return {
    ...request,
    target: target.replaceAll(from, to),
    ...(text?.includes(from) === true
      ? { body: Buffer.from(text.replaceAll(from, to), 'latin1') }
      : {}),
  };
}
