import { unwatchFile, watch, watchFile, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { ConfigurationError } from './configuration-error.ts';
import type { Settings } from './settings.ts';

export interface SettingsWatch {
  /** After this nothing is read or called any more. */
  close(): void;
}

/** An editor writes in several steps; the file is read once they are over. */
const SETTLE_MS = 100;
/** For file systems without change events: network mounts, some containers. */
const POLL_MS = 2_000;

/**
 * Takes up changes of the settings file while the process runs. A broken edit keeps what was
 * valid before: its problems are reported once, until they change.
 * @param load reads and checks the file; throws ConfigurationError
 */
export function watchSettings(
  load: () => Settings,
  path: string,
  onChange: (settings: Settings) => void,
  onError: (error: ConfigurationError) => void,
): SettingsWatch {
  const initial = tryLoad(load);
  let current = JSON.stringify(initial);
  let reported = '';
  let settling: NodeJS.Timeout | undefined;
  let closed = false;

  const take = () => {
    const result = tryLoad(load);
    if (result instanceof ConfigurationError) {
      if (result.message !== reported) onError(result);
      reported = result.message;
      return;
    }
    reported = '';
    const next = JSON.stringify(result);
    if (next === current) return;
    current = next;
    onChange(result);
  };
  const settle = () => {
    if (closed) return;
    clearTimeout(settling);
    settling = setTimeout(take, SETTLE_MS);
  };

  const watcher = watchFolder(path, settle);
  const poll = (now: { mtimeMs: number }, before: { mtimeMs: number }) => {
    if (now.mtimeMs !== before.mtimeMs) settle();
  };
  watchFile(path, { interval: POLL_MS, persistent: true }, poll);
  return {
    close: () => {
      closed = true;
      clearTimeout(settling);
      watcher?.close();
      unwatchFile(path, poll);
    },
  };
}

// The folder, not the file: editors replace the file, and a watch of the file itself would stay
// with the old one. A mounted config map swaps a link named `..data` instead.
function watchFolder(path: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(dirname(path), (_, name) => {
      if (name === null || name === basename(path) || name.startsWith('..')) onChange();
    });
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

function tryLoad(load: () => Settings): Settings | ConfigurationError {
  try {
    return load();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}
