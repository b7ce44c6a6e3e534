import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONSOLE_FOLDER } from './console-folder.ts';

const HERE = import.meta.dirname;
const ROOT = join(HERE, '../..');
/** In the built folder: of which sources it was made. */
const STAMP = '.sources';

/** Everything that the built files depend on, below the root. */
const SOURCES = [
  'packages/console/*.{ts,html,json}',
  'packages/console/public/*',
  'packages/console/src/**/*.{ts,tsx,css}',
  'packages/client/src/*.ts',
  'pnpm-lock.yaml',
];

/**
 * Builds the console where it is missing or was built from other sources. The new folder takes the
 * place of the old one whole, so that several may do this at once, and a build that fails breaks
 * nothing.
 * @throws Error of Vite where the sources cannot be built
 */
export async function ensureBuilt(): Promise<void> {
  const stamp = stampOfSources();
  if (builtStamp() === stamp) return;
  const { build } = await import('vite');
  const outDir = await mkdtemp(join(HERE, 'dist-'));
  try {
    await build({
      configFile: join(HERE, 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir, emptyOutDir: true },
    });
    await writeFile(join(outDir, STAMP), stamp);
    // A temporary folder is its maker's alone; the service may run as another user.
    await chmod(outDir, 0o755);
    await replace(outDir);
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

function stampOfSources(): string {
  const hash = createHash('sha256');
  const files = globSync(SOURCES, { cwd: ROOT }).filter((path) => !/\.test\.tsx?$/.test(path));
  for (const path of files.toSorted()) {
    hash.update(`${path}\n`).update(readFileSync(join(ROOT, path)));
  }
  return hash.digest('hex');
}

function builtStamp(): string | undefined {
  const path = join(CONSOLE_FOLDER, STAMP);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Whoever else has just put one there built it from the same sources. */
async function replace(outDir: string): Promise<void> {
  const old = `${outDir}-old`;
  await rename(CONSOLE_FOLDER, old).catch(ignoreMissing);
  await rename(outDir, CONSOLE_FOLDER).catch((error: unknown) => {
    if (builtStamp() === undefined) throw error;
  });
  await rm(old, { recursive: true, force: true });
}

function ignoreMissing(error: unknown): void {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  if (!isMissing) throw error;
}
