import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { createLogger } from './logger.ts';
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

/** What a service that starts with these keys logs. */
async function loggedWith(keys: string): Promise<string[]> {
  vi.stubEnv('UNDERSTUDY_ENCRYPTION_KEYS', keys);
  const lines: string[] = [];
  const logger = createLogger('test', 'info', { write: (line) => void lines.push(line) });
  await withEnvironment(logger, async () => ({ close: async () => undefined }))(refuse);
  return lines;
}

test('the log of a start names the encryption keys by their ids, and shows none', async () => {
  const secrets = [0, 1].map(() => randomBytes(32).toString('base64'));
  const lines = await loggedWith(`k2:${secrets[0]},k1:${secrets[1]}`);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 30, service: 'test', encryptsWith: 'k2', decryptsWith: ['k2', 'k1'] },
  ]);
  for (const secret of secrets) expect(lines.join()).not.toContain(secret);
  expect(await loggedWith('')).toEqual([]);
});
