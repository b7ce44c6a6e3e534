import { BrokerError } from '@understudy/contracts';
import { StorageFullError } from '@understudy/file-store';
import type { FileDraft } from '@understudy/file-store';
import { QuotaExceeded, holdersOf, policyName } from '@understudy/limits';
import type { Caller, Holder } from '@understudy/limits';
import type { ApiParts } from '../api-parts.ts';

type Parts = Pick<ApiParts, 'dispatch' | 'limits'>;

/**
 * Refuses a caller that may store no more before its bytes come. One round trip where bytes are
 * limited, else none.
 * @throws QuotaExceeded
 */
export async function checkStorage({ dispatch, limits }: Parts, caller: Caller): Promise<void> {
  const holders = holdersOf(caller, dispatch.views().settings.projects);
  if (holders.every((holder) => holder.limits.bytes_stored === undefined)) return;
  const uses = await limits.use(caller.project, holders, dispatch.clock.now());
  for (const [index, holder] of holders.entries()) {
    const used = uses[index]?.bytesStored ?? 0;
    if (used >= (holder.limits.bytes_stored ?? Infinity)) throw storageFull(holder, used);
  }
}

/** For whom the bytes of a file are counted, and how many there may be. */
export function storageTerms(
  { dispatch }: Parts,
  caller: Caller,
): Pick<FileDraft, 'key' | 'mostBytes'> {
  const [project, key] = holdersOf(caller, dispatch.views().settings.projects);
  return {
    ...(caller.key === undefined ? {} : { key: caller.key }),
    mostBytes: { project: project?.limits.bytes_stored, key: key?.limits.bytes_stored },
  };
}

/**
 * What a caller is told of a file that was not made; other errors as they are.
 * @param bytes of the file: where it is more than there may ever be, no time and no deleting helps
 */
export function storageRefusal(
  { dispatch }: Parts,
  caller: Caller,
  bytes: number,
  error: unknown,
): unknown {
  if (!(error instanceof StorageFullError)) return error;
  const holders = holdersOf(caller, dispatch.views().settings.projects);
  const never = holders.find(({ limits }) => bytes > (limits.bytes_stored ?? Infinity));
  if (never !== undefined) return tooLarge(never, bytes);
  const holder = holders.find(({ kind }) => kind === error.holder);
  return holder === undefined ? error : storageFull(holder, error.usedBytes);
}

function tooLarge({ kind, limits }: Holder, bytes: number): BrokerError {
  return new BrokerError(
    'body_too_large',
    `a file of ${bytes} bytes is more than this ${kind} may store at all: ${limits.bytes_stored} bytes`,
  );
}

function storageFull({ kind, limits }: Holder, used: number): QuotaExceeded {
  const limit = 'bytes_stored' as const;
  return new QuotaExceeded([
    { name: policyName(kind, limit), limit, holder: kind, quota: limits[limit] ?? 0, used },
  ]);
}
