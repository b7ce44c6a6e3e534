import type { Own } from '../api/contract.ts';

/** Whose eyes the console has: what the key is, and which project it looks at. */
export interface Who extends Own {
  key: string;
  /** Another than the key's own, chosen by the operator; `*` for all. */
  acting?: string;
}

export interface Session {
  who: Who | undefined;
  /** Why the last session ended, where that was not asked for. */
  notice?: string;
}

const STORAGE_KEY = 'understudy.session';

let session: Session = { who: read() };
const listeners = new Set<() => void>();

/** Of this tab alone, and gone with it: never in a URL, a cookie, or what outlives the tab. */
function read(): Who | undefined {
  const text = sessionStorage.getItem(STORAGE_KEY);
  if (text === null) return undefined;
  const who: Who = JSON.parse(text);
  return who;
}

export function currentSession(): Session {
  return session;
}

export function changeSession(next: Session): void {
  session = next;
  if (next.who === undefined) sessionStorage.removeItem(STORAGE_KEY);
  else sessionStorage.setItem(STORAGE_KEY, JSON.stringify(next.who));
  for (const tell of listeners) tell();
}

/** @returns what ends it */
export function onSessionChange(tell: () => void): () => void {
  listeners.add(tell);
  return () => {
    listeners.delete(tell);
  };
}

/** Forgets the key. @param notice why, where nobody asked for it */
export function signOut(notice?: string): void {
  changeSession({ who: undefined, ...(notice === undefined ? {} : { notice }) });
}
