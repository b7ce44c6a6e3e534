import type { Surface } from '@understudy/contracts';

/** Where the paths of OpenAI's API begin; callers point their SDK at either. */
export const OPENAI_PREFIXES = ['/v1', '/openai/v1'] as const;
export const ANTHROPIC_PREFIX = '/anthropic/v1';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whose errors and headers the route answers with; our own where it does not say. */
    surface?: Surface;
  }
}

/** Whether who asks there expects Anthropic's errors and headers; also of paths that lead nowhere. */
export function isAnthropicPath(url: string): boolean {
  return url.startsWith(`${ANTHROPIC_PREFIX}/`);
}
