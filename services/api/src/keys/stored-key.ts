import { limitsSchema } from '@understudy/contracts';
import { z } from 'zod';

export const SCOPES = ['submit', 'read', 'admin'] as const;
export const scopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof scopeSchema>;

/** The one project that is always there; the environment's key belongs to it. */
export const DEFAULT_PROJECT = 'default';

/** A key as Redis holds it: whoever reads this cannot make the key from it. */
const storedKeySchema = z.object({
  v: z.int(),
  id: z.string(),
  /** Second half of the keyed hash; the first names the record. */
  verifier: z.string(),
  project: z.string(),
  scopes: z.array(scopeSchema),
  /** `environment` for the key that UNDERSTUDY_API_KEY names. */
  source: z.string(),
  name: z.string().optional(),
  /** How the key's text begins, so that its owner recognises it. */
  hint: z.string().optional(),
  created_at: z.number(),
  expires_at: z.number().optional(),
  /** Given when it was made; they never change. */
  limits: limitsSchema.optional(),
});
export type StoredKey = z.infer<typeof storedKeySchema>;

/** A key that was presented. */
export interface FoundKey extends StoredKey {
  /** Names its record. */
  selector: string;
}

/** Undefined for no record, and for one of a version that held no verifier. */
export function parseStoredKey(text: string | null): StoredKey | undefined {
  if (text === null) return undefined;
  return storedKeySchema.safeParse(JSON.parse(text)).data;
}

export function isLive({ expires_at: expiresAt }: StoredKey, now: number): boolean {
  return expiresAt === undefined || expiresAt > now;
}
