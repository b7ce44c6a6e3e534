import { createSealer } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import { z } from 'zod';
import { readEncryptionKeys } from './encryption-environment.ts';

/** What every service reads from its environment. */
const serviceEnvironmentSchema = z.object({
  REDIS_URL: z.string().default('redis://127.0.0.1:6379'),
  UNDERSTUDY_CONFIG: z.string().optional(),
  /** First part of every Redis key; two brokers with different ones share a Redis unharmed. */
  UNDERSTUDY_KEY_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'may hold letters, digits, - and _')
    .default('understudy'),
  /** Nothing is read that is not encrypted, though it should be. */
  UNDERSTUDY_ENCRYPTION_REQUIRED: z.enum(['true', 'false']).default('false'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export interface ServiceEnvironment {
  redisUrl: string;
  configPath: string | undefined;
  keyPrefix: string;
  logLevel: string;
  /** Encrypts what is kept, where there is a key; see `readEncryptionKeys`. */
  sealer: Sealer;
}

/** Without those that are empty, as a line of `.env` may leave them: they count as not set. */
export function givenVariables(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

/** @throws Error listing every variable that is wrong, or what is wrong with the encryption keys */
export function readServiceEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): ServiceEnvironment {
  const parsed = serviceEnvironmentSchema.safeParse(givenVariables(environment));
  if (!parsed.success) {
    throw new Error(
      parsed.error.issues
        .map((issue) => `environment variable ${issue.path.join('.')}: ${issue.message}`)
        .join('\n'),
    );
  }
  return {
    redisUrl: parsed.data.REDIS_URL,
    configPath: parsed.data.UNDERSTUDY_CONFIG,
    keyPrefix: parsed.data.UNDERSTUDY_KEY_PREFIX,
    logLevel: parsed.data.LOG_LEVEL,
    sealer: sealerOf(environment, parsed.data.UNDERSTUDY_ENCRYPTION_REQUIRED === 'true'),
  };
}

function sealerOf(
  environment: Readonly<Record<string, string | undefined>>,
  required: boolean,
): Sealer {
  const keys = readEncryptionKeys(environment);
  if (required && keys.length === 0) {
    throw new Error(
      'environment variable UNDERSTUDY_ENCRYPTION_REQUIRED: there is no key; set ' +
        'UNDERSTUDY_ENCRYPTION_KEYS or UNDERSTUDY_ENCRYPTION_KEYS_FILE',
    );
  }
  return createSealer(keys, { required });
}
