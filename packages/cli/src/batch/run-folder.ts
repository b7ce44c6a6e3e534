import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nameFile } from './written-file.ts';

const DAY_MS = 24 * 60 * 60_000;
/** A batch takes seven days at most: no run of that age still waits for one. */
const LONGEST_RUN_MS = 8 * DAY_MS;
/** Those that an earlier release made do not say which process they are of. */
const NAME = /^understudy-(?:batch|prompts)-(?:(\d+)-)?\w{6}$/;

/** A folder for what a run keeps while it goes on. Gone with all that is in it once disposed of. */
export interface RunFolder extends AsyncDisposable {
  path: string;
}

/** Makes one that no other user can look into: prompts and answers lie in it. */
export async function openRunFolder(): Promise<RunFolder> {
  const folder = tmpdir();
  const made = mkdtemp(join(folder, `understudy-batch-${process.pid}-`));
  const path = await nameFile(folder, made);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/**
 * Removes what runs of this user left behind that were killed more than a day ago. Whatever cannot be
 * looked at or removed stays, without a word.
 */
export async function removeLeftovers(nowMs: number): Promise<void> {
  const folder = tmpdir();
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const [known, pid] = NAME.exec(name) ?? [];
    if (known === undefined) continue;
    const path = join(folder, name);
    if (await isLeftover(path, pid, nowMs).catch(() => false)) {
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

async function isLeftover(path: string, pid: string | undefined, nowMs: number): Promise<boolean> {
  const found = await lstat(path);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) return false;
  // Somebody's own of such a name is not closed to others.
  if ((found.mode & 0o077) !== 0) return false;
  if (pid === undefined) return nowMs - found.mtimeMs > LONGEST_RUN_MS;
  return nowMs - found.mtimeMs > DAY_MS && !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // One of another user is there, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
