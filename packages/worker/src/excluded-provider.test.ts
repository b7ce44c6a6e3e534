import { expect, test } from 'vitest';
import { openWorker } from './testing/worker-scene.ts';

test.each([
  ['project', ({ projectProviders }: Configured) => (projectProviders['acme'] = { except: ['a'] })],
  ['route', ({ routes }: Configured) => (routes['m']!.providers = { only: ['b'] })],
])(
  'a rule that is made for the %s while a job stands in a queue keeps it from there',
  async (_, make) => {
    const scene = await openWorker([{ provider: 'a' }, { provider: 'b' }]);
    const job = await scene.submit();
    make(scene.worker.settings());
    const moved = await scene.takeTurn(job);
    expect(moved.record.progress.place).toMatchObject({
      kind: 'queue',
      planned: { provider: 'b' },
    });
    const done = await scene.takeTurn(job);
    expect(done.attempts).toMatchObject([
      { provider: 'a', outcome: 'skipped', rule: 'provider_excluded', verdict: 'next_for_good' },
      { provider: 'b', outcome: 'succeeded' },
    ]);
    expect(scene.vendor.calls.map(({ path }) => path.split('/')[1])).toEqual(['b']);
  },
);

type Configured = ReturnType<Awaited<ReturnType<typeof openWorker>>['worker']['settings']>;
