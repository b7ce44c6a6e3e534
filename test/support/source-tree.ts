import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A package or a service, as its `package.json` describes it. */
export interface Workspace {
  /** `packages/queue` */
  folder: string;
  /** `queue` */
  name: string;
  description: string | undefined;
  dependencies: string[];
  devDependencies: string[];
}

export interface SourceImport {
  /** Path below the root. */
  file: string;
  /** As written. */
  from: string;
  typeOnly: boolean;
  /** In a test, or in what only tests use. */
  inTest: boolean;
}

export function readWorkspaces(): Workspace[] {
  return globSync('{packages,services}/*/package.json', { cwd: ROOT })
    .toSorted()
    .map((path) => {
      const content = readJson(path);
      const folder = dirname(path);
      return {
        folder,
        name: folder.slice(folder.indexOf('/') + 1),
        description:
          typeof content['description'] === 'string' ? content['description'] : undefined,
        dependencies: namesIn(content['dependencies']),
        devDependencies: namesIn(content['devDependencies']),
      };
    });
}

/** A JSON object below the root. */
export function readJson(path: string): Record<string, unknown> {
  const content: unknown = JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
  if (!isObject(content)) throw new Error(`${path} holds no JSON object`);
  return content;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function namesIn(dependencies: unknown): string[] {
  return isObject(dependencies) ? Object.keys(dependencies).toSorted() : [];
}

const IMPORT = /^(?:import|export)\s(?<type>type\s)?[^;'"]*?from\s+'(?<from>[^']+)'/gmu;
const BARE_IMPORT = /^import\s+'(?<from>[^']+)'/gmu;
const DYNAMIC_IMPORT = /\bimport\(\s*'(?<from>[^']+)'/gu;

/** Every import of every source file of the workspaces. */
export function readImports(): SourceImport[] {
  return globSync('{packages,services}/*/**/*.{ts,tsx,mts,mjs}', {
    cwd: ROOT,
    exclude: (path) => path.endsWith('node_modules'),
  }).flatMap(importsOf);
}

function importsOf(file: string): SourceImport[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const inTest = file.endsWith('.test.ts') || file.includes('/testing/');
  return [IMPORT, BARE_IMPORT, DYNAMIC_IMPORT].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ groups }) => ({
      file,
      from: groups?.['from'] ?? '',
      typeOnly: groups?.['type'] !== undefined,
      inTest,
    })),
  );
}

/** The file a relative import leads to, below the root; undefined for a package. */
export function importedFile({ file, from }: SourceImport): string | undefined {
  if (!from.startsWith('.')) return undefined;
  return relative(ROOT, join(ROOT, dirname(file), from));
}

/** The package a bare import names: `@understudy/provider` for `@understudy/provider/testing`. */
export function importedPackage({ from }: SourceImport): string | undefined {
  if (from.startsWith('.') || from.startsWith('node:')) return undefined;
  const parts = from.split('/');
  return from.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}
