import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './start-error.ts';

export interface DataFolder {
  path: string;
  /** Lets the next start have the folder. */
  release(): void;
}

/**
 * Creates the folder and takes it for this process: two starts on one folder would have two
 * Redis servers on one file.
 * @throws StartError when it cannot be written or another start holds it
 */
export function takeDataFolder(path: string): DataFolder {
  const lockPath = join(path, 'standalone.pid');
  try {
    mkdirSync(join(path, 'redis'), { recursive: true, mode: 0o700 });
    takeLock(path, lockPath);
  } catch (error) {
    if (error instanceof StartError) throw error;
    const reason = explain(error);
    throw new StartError(
      `the data folder ${path} cannot be used (${reason}); give this user the right to write there, or choose another with --data.`,
    );
  }
  return { path, release: () => rmSync(lockPath, { force: true }) };
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node 24 reports a read-only file system so when it makes folders recursively.
  const isReadOnly = 'code' in error && error.code === 'ENOENT';
  return isReadOnly ? 'the file system is read-only, or a link leads nowhere' : error.message;
}

function takeLock(path: string, lockPath: string): void {
  const own = describeProcess(process.pid) ?? `${process.pid}`;
  try {
    writeFileSync(lockPath, own, { flag: 'wx' });
    return;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const holder = readFileSync(lockPath, 'utf8');
  const pid = Number.parseInt(holder, 10);
  if (pid > 0 && describeProcess(pid) === holder) {
    throw new StartError(
      `another Understudy (process ${pid}) runs on the data folder ${path}; stop it, or choose another folder with --data.`,
    );
  }
  writeFileSync(lockPath, own);
}

/**
 * The process id and, where the system tells, when it started: an id alone may since belong to
 * another process. Undefined when there is no such process.
 */
function describeProcess(pid: number): string | undefined {
  try {
    // Field 22 of /proc/<pid>/stat is the start time; the name before it may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return isAlive(pid) && process.platform !== 'linux' ? `${pid}` : undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
