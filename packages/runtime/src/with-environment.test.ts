import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { withEnvironment } from './with-environment.ts';

afterEach(() => vi.unstubAllEnvs());

const refuse = (): void => undefined;

test('a wrong variable is a start that fails, and names it', async () => {
  vi.stubEnv('LOG_LEVEL', 'loud');
  const start = vi.fn<() => Promise<{ close(): Promise<void> }>>();
  await expect(withEnvironment(pino({ level: 'silent' }), start)(refuse)).rejects.toThrow(
    /environment variable LOG_LEVEL/,
  );
  expect(start).not.toHaveBeenCalled();
});

test('the logger takes the level that the environment names', async () => {
  vi.stubEnv('LOG_LEVEL', 'silent');
  const logger = pino({ level: 'info' });
  const levels: string[] = [];
  const start = withEnvironment(logger, async ({ logLevel }) => {
    levels.push(logLevel, logger.level);
    return { close: async () => undefined };
  });
  await start(refuse);
  expect(levels).toEqual(['silent', 'silent']);
});
