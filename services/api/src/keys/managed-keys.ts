import { SCHEMA_VERSION, createApiKey } from '@understudy/contracts';
import type { Limits } from '@understudy/contracts';
import { newestFirst } from '@understudy/job-store';
import type { ListPosition } from '@understudy/job-store';
import { loadScript, replyList, replyText, repliesOf } from '@understudy/runtime';
import type { Clock, Redis } from '@understudy/runtime';
import { z } from 'zod';
import type { KeyHasher } from './key-hash.ts';
import {
  idsKey,
  lastUsesKey,
  madeKey,
  ofProjectPrefix,
  projectsKey,
  recordsPrefix,
  revokedChannel,
  selectorsKey,
} from './key-names.ts';
import { MADE_REMEMBERED_MS } from './projects.ts';
import type { IdempotentRequest } from './projects.ts';
import { parseStoredKey } from './stored-key.ts';
import type { Scope, StoredKey } from './stored-key.ts';

const createScript = loadScript(new URL('./scripts/create-key.lua', import.meta.url));
const revokeScript = loadScript(new URL('./scripts/revoke-key.lua', import.meta.url));

/** Two, so that a new key is in use everywhere before the old one is taken back. */
export const MOST_KEYS_OF_A_NAME = 2;
export const MOST_KEYS_OF_A_PROJECT = 1000;
/** Keys that have expired are still listed for so long. */
const EXPIRED_LISTED_MS = 30 * 86_400_000;
const HINT_LENGTH = 7;

interface KeyDraft {
  id: string;
  project: string;
  scopes: Scope[];
  name?: string;
  /** Milliseconds since the epoch. */
  expiresAt?: number;
  limits?: Limits;
}

export type KeyCreation =
  /** `key` is the text, which is told once and kept nowhere. */
  | { kind: 'made'; key: string; stored: StoredKey }
  | { kind: 'no_project' }
  /** The idempotency key made a key before, by a request of this fingerprint. */
  | { kind: 'repeated'; fingerprint: string; id: string }
  /** The project has two live keys of this name. */
  | { kind: 'name_taken'; oldest: string }
  | { kind: 'full' };

export interface ListedKey {
  stored: StoredKey;
  /** To the minute; undefined for a key that was never used. */
  lastUsedAt?: number;
}

interface KeyQuery {
  project?: string | undefined;
  after?: ListPosition | undefined;
  limit: number;
}

/** Keys as administrators make them and take them back. Each change is atomic. */
export interface ManagedKeys {
  create(draft: KeyDraft, request: IdempotentRequest | undefined): Promise<KeyCreation>;
  /**
   * A page of one project's keys or of all, newest first; expired ones too, for 30 days. `next` is
   * where the next page begins, absent on the last.
   */
  list(query: KeyQuery): Promise<{ keys: ListedKey[]; next?: ListPosition }>;
  /** Takes a key back: within a second it opens nothing anywhere. False when it was not there. */
  revoke(id: string): Promise<boolean>;
}

interface ManagedKeysOptions {
  redis: Redis;
  prefix: string;
  clock: Clock;
  hasher: KeyHasher;
  /** This process shall read every key again. */
  forgetAll(): void;
}

export function createManagedKeys(options: ManagedKeysOptions): ManagedKeys {
  const { redis, prefix, clock, hasher, forgetAll } = options;
  return {
    create: async (draft, request) => {
      const now = clock.now();
      const key = createApiKey();
      const { selector, verifier } = await hasher.hash(key);
      const stored = storedKey(draft, verifier, key.slice(0, HINT_LENGTH), now);
      const reply = replyList(
        await createScript.run(
          redis,
          [
            `${recordsPrefix(prefix)}${selector}`,
            selectorsKey(prefix),
            lastUsesKey(prefix),
            idsKey(prefix),
            `${ofProjectPrefix(prefix)}${draft.project}`,
            projectsKey(prefix),
            madeKey(prefix, request?.id ?? ''),
          ],
          [
            JSON.stringify(stored),
            selector,
            draft.id,
            draft.project,
            draft.name ?? '',
            now,
            MOST_KEYS_OF_A_NAME,
            MOST_KEYS_OF_A_PROJECT,
            recordsPrefix(prefix),
            now - EXPIRED_LISTED_MS,
            request?.fingerprint ?? '',
            MADE_REMEMBERED_MS,
          ],
        ),
      ).map(replyText);
      return creationOf(reply, key, stored);
    },

    list: async ({ project, after, limit }) => {
      const selectors = await redis.smembers(
        project === undefined ? selectorsKey(prefix) : `${ofProjectPrefix(prefix)}${project}`,
      );
      if (selectors.length === 0) return { keys: [] };
      const [records, uses] = z
        .tuple([z.array(z.string().nullable()), z.array(z.string().nullable())])
        .parse(
          await repliesOf(
            redis
              .multi()
              .mget(selectors.map((selector) => `${recordsPrefix(prefix)}${selector}`))
              .zmscore(lastUsesKey(prefix), ...selectors)
              .exec(),
          ),
        );
      // Only the next key of its project drops the record of one that expired long ago.
      const oldest = clock.now() - EXPIRED_LISTED_MS;
      const listed = records
        .flatMap((text, index): ListedKey[] => {
          const stored = parseStoredKey(text);
          const lastUsedAt = Number(uses[index] ?? 0);
          return stored === undefined
            ? []
            : [{ stored, ...(lastUsedAt === 0 ? {} : { lastUsedAt }) }];
        })
        .filter(({ stored }) => (stored.expires_at ?? Infinity) >= oldest)
        .filter((key) => after === undefined || newestFirst(after, placeOf(key)) < 0)
        .toSorted((a, b) => newestFirst(placeOf(a), placeOf(b)));
      const keys = listed.slice(0, limit);
      const last = keys.at(-1);
      if (last === undefined || keys.length === listed.length) return { keys };
      return { keys, next: placeOf(last) };
    },

    revoke: async (id) => {
      const reply = await revokeScript.run(
        redis,
        [idsKey(prefix), selectorsKey(prefix), lastUsesKey(prefix)],
        [id, recordsPrefix(prefix), ofProjectPrefix(prefix), revokedChannel(prefix)],
      );
      forgetAll();
      return Number(reply) === 1;
    },
  };
}

function placeOf({ stored }: ListedKey): ListPosition {
  return { createdAt: stored.created_at, id: stored.id };
}

function storedKey(draft: KeyDraft, verifier: string, hint: string, now: number): StoredKey {
  const { id, project, scopes, name, expiresAt, limits } = draft;
  return {
    v: SCHEMA_VERSION,
    id,
    verifier,
    project,
    scopes,
    source: 'api',
    hint,
    created_at: now,
    ...(name === undefined ? {} : { name }),
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    ...(limits === undefined ? {} : { limits }),
  };
}

function creationOf(reply: readonly string[], key: string, stored: StoredKey): KeyCreation {
  const [kind = '', first = '', second = ''] = reply;
  switch (kind) {
    case 'made':
      return { kind, key, stored };
    case 'repeated':
      return { kind, fingerprint: first, id: second };
    case 'name_taken':
      return { kind, oldest: first };
    case 'no_project':
    case 'full':
      return { kind };
    default:
      throw new Error(`create-key.lua answered "${kind}"`);
  }
}
