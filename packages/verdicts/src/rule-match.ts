import type { ParsedProviderError } from './provider-error.ts';
import type { FailedCall, VerdictRule } from './verdict-rule.ts';

/** Everything that a rule's conditions are held against. */
export interface Evidence {
  call: FailedCall;
  error: ParsedProviderError;
  /** The answer states a delay. */
  retryAfter: boolean;
}

/**
 * True when all stated conditions hold. Vendors disagree on what is a type and what a code, and a
 * wrapped error has several of both, so `type` and `code` are each looked up among all names.
 */
export function matches({ when }: VerdictRule, { call, error, retryAfter }: Evidence): boolean {
  const { status, fault } = call;
  if (when.status !== undefined && !(status !== undefined && when.status.includes(status))) {
    return false;
  }
  if (when.statusRange !== undefined && !isWithin(when.statusRange, status)) return false;
  if (when.fault !== undefined && !(fault !== undefined && when.fault.includes(fault)))
    return false;
  if (when.retryAfter !== undefined && when.retryAfter !== retryAfter) return false;
  if (when.translated !== undefined && when.translated !== (call.translated ?? false)) return false;
  if (when.type !== undefined && !namesAny(when.type, error.names)) return false;
  if (when.code !== undefined && !namesAny(when.code, error.names)) return false;
  return when.message === undefined || saysAny(when.message, error.messages);
}

function isWithin([from, to]: readonly [number, number], status: number | undefined): boolean {
  return status !== undefined && status >= from && status <= to;
}

function namesAny(patterns: readonly string[], names: readonly string[]): boolean {
  return patterns.some((pattern) => names.some((name) => fits(plain(pattern), plain(name))));
}

function fits(pattern: string, name: string): boolean {
  const isOpenStart = pattern.startsWith('*');
  const isOpenEnd = pattern.length > 1 && pattern.endsWith('*');
  const core = pattern.slice(isOpenStart ? 1 : 0, isOpenEnd ? -1 : undefined);
  if (isOpenStart && isOpenEnd) return name.includes(core);
  if (isOpenStart) return name.endsWith(core);
  return isOpenEnd ? name.startsWith(core) : name === core;
}

function saysAny(fragments: readonly string[], messages: readonly string[]): boolean {
  return messages.some((message) => {
    const text = plain(message);
    return fragments.some((fragment) => text.includes(plain(fragment)));
  });
}

/** Some vendors write a typographic apostrophe (AWS: `isn’t supported`). */
function plain(text: string): string {
  return text.toLowerCase().replaceAll('\u2019', "'");
}
