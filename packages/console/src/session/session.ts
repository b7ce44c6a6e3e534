import { useEffect, useState } from 'preact/hooks';
import { ask, openApi } from '../api/connection.ts';
import { changeSession, currentSession, onSessionChange } from './session-store.ts';
import type { Session, Who } from './session-store.ts';

export function useSession(): Session {
  const [session, setSession] = useState(currentSession);
  useEffect(() => onSessionChange(() => setSession(currentSession())), []);
  return session;
}

/** The session of a view, which is shown to those alone who have signed in. */
export function useWho(): Who {
  const { who } = useSession();
  if (who === undefined) throw new Error('this view needs a session');
  return who;
}

/**
 * Asks the broker what the key is, and keeps it for this tab. The operator begins with all projects.
 * @throws UnderstudyError when the broker does not know the key
 */
export async function signIn(key: string): Promise<void> {
  const own = await ask(openApi(key).GET('/v1/key', {}));
  const acting = own.scopes.includes('admin') ? { acting: '*' } : {};
  changeSession({ who: { ...own, key, ...acting } });
}

/** @param project `*` for all */
export function actFor(project: string): void {
  const { who } = currentSession();
  if (who !== undefined) changeSession({ who: { ...who, acting: project } });
}
