import { SHORTEST_API_KEY, isApiKeyIntact } from '@understudy/contracts';
import { givenVariables, readServiceEnvironment } from '@understudy/runtime';
import type { ServiceEnvironment } from '@understudy/runtime';
import { z } from 'zod';

/** As many characters as 128 bits have in hexadecimal. */
const SHORTEST_PEPPER = 32;

const apiEnvironmentSchema = z.object({
  /** 0 takes any free port; the parent process is told which. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  UNDERSTUDY_API_KEY: z
    .string()
    .min(SHORTEST_API_KEY, `must have at least ${SHORTEST_API_KEY} characters`)
    .refine(isApiKeyIntact, 'begins with us_ but its checksum is wrong; copy it again')
    .optional(),
  UNDERSTUDY_KEY_PEPPER: z
    .string()
    .min(SHORTEST_PEPPER, `must have at least ${SHORTEST_PEPPER} characters`)
    .optional(),
});

export interface ApiEnvironment extends ServiceEnvironment {
  port: number;
  host: string;
  /** The key that is registered at every start. */
  apiKey: string | undefined;
  /** The secret under which API keys are hashed; one is kept in Redis where there is none. */
  keyPepper: string | undefined;
}

/** @throws Error listing every variable that is wrong, without its value */
export function readApiEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): ApiEnvironment {
  const service = readServiceEnvironment(environment);
  const parsed = apiEnvironmentSchema.safeParse(givenVariables(environment));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `environment variable ${path.join('.')}: ${message}`,
    );
    throw new Error(problems.join('\n'));
  }
  const { PORT: port, HOST: host, UNDERSTUDY_API_KEY: apiKey } = parsed.data;
  return { ...service, port, host, apiKey, keyPepper: parsed.data.UNDERSTUDY_KEY_PEPPER };
}
