import { expect, test } from 'vitest';
import { openTestRedis } from '../../../test/support/redis.ts';
import { createLogger } from './logger.ts';
import { reportOutages } from './report-outages.ts';

test('the end of an outage is told as loudly as its beginning, each once', () => {
  const lines: string[] = [];
  const redis = openTestRedis();
  const logger = createLogger('test', 'warn', { write: (line) => lines.push(line) });
  reportOutages(redis, 'redis://:secret@127.0.0.1:6379', logger);
  redis.emit('ready');
  redis.emit('error', new Error('connect ECONNREFUSED'));
  redis.emit('error', new Error('connect ECONNREFUSED'));
  redis.emit('ready');
  redis.emit('ready');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 40, msg: 'Redis does not answer', redis: 'redis://:***@127.0.0.1:6379' },
    { level: 40, msg: 'Redis answers again', redis: 'redis://:***@127.0.0.1:6379' },
  ]);
});
