import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { StartError } from './start-error.ts';

export interface DataFolder {
  path: string;
  /** Lets the next start have the folder. */
  release(): void;
}

/**
 * Creates the folder and takes it for this process: two starts on one folder would have two
 * Redis servers on one file.
 * @throws StartError, naming what is in the way, when it cannot be written or another start holds it
 */
export function takeDataFolder(path: string): DataFolder {
  const lockPath = join(path, 'standalone.pid');
  try {
    makeFolder(join(path, 'redis'));
    takeLock(path, lockPath);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`the data folder ${path} cannot be used: ${explain(error, path)}`);
  }
  return { path, release: () => rmSync(lockPath, { force: true }) };
}

/** What is in the way, and the remedy. */
function explain(error: unknown, path: string): string {
  if (!(error instanceof Error && 'code' in error)) return String(error);
  // Of several missing folders the one that could not be made.
  const place = 'path' in error ? String(error.path) : path;
  switch (error.code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return `${place} is no folder, or a link that leads nowhere; choose another with --data.`;
    case 'EACCES':
    case 'EPERM':
      return `this user may not write at ${place}; give the right to, or choose another with --data.`;
    case 'ENOENT':
      return `the system lets nobody make ${place}; choose another with --data.`;
    case 'EROFS':
      return `the file system of ${place} is read-only; choose another with --data.`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `there is no space left for ${place}; make room, or choose another with --data.`;
    default:
      return `${error.message}; choose another with --data.`;
  }
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
