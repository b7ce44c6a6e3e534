import type { Who } from '../session/session-store.ts';
import { send, withKey } from './connection.ts';

/**
 * Fetches a file with the key, which no link could carry, and hands it to the browser's downloads.
 * @throws UnderstudyError when the broker does not give it
 */
export async function saveFile(
  who: Who,
  path: string,
  name: string,
  project: string | undefined,
): Promise<void> {
  const request = new Request(new URL(path, location.origin));
  const response = await send(withKey(request, who.key, project));
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
