import { globSync } from 'node:fs';
import { parseSettings } from '@understudy/configuration';
import { expect, test } from 'vitest';
import { closingLimitMs } from '../../../test/support/closing-limit.ts';
import { ROOT } from '../../../test/support/source-tree.ts';
import { stopLimitMs } from './stop-limit.ts';

/** Those of a single machine have no limit of their own. */
const services = globSync('services/*/src/main.ts', { cwd: ROOT })
  .map((file) => file.split('/')[1] ?? '')
  .filter((name) => !['sandbox', 'standalone'].includes(name));

test.each(['', 'gracePeriod: 1s', 'gracePeriod: 10m', 'drainDelay: 60s', 'drainDelay: 0s'])(
  'no service is killed before it has had its own time to end: { %s }',
  (defaults) => {
    const options = { environment: {}, kinds: [], credentials: 'ignore' } as const;
    const settings = parseSettings(`defaults: { ${defaults} }`, options);
    expect(services).toContain('webhook-deliverer');
    for (const name of services) {
      expect(stopLimitMs(settings), name).toBeGreaterThan(closingLimitMs(name, settings));
    }
  },
);
