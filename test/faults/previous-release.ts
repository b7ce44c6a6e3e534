import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * The commit whose services stand for the release before this one. It moves on when a release is
 * made, and never past one that broker and this commit are to run beside.
 */
export const PREVIOUS_RELEASE = '8a62dfb4c2ccf31cbf00d37f149995f1f0bac000';

const REPOSITORY = join(import.meta.dirname, '../..');
const WORKSPACES = ['packages', 'services'];

/** Why the services of that commit cannot be run here; undefined where they can. */
export function previousReleaseMissing(): string | undefined {
  try {
    git('cat-file', '-e', `${PREVIOUS_RELEASE}^{commit}`);
    return undefined;
  } catch {
    return (
      `commit ${PREVIOUS_RELEASE.slice(0, 12)} is not here: a shallow clone, or no clone. ` +
      'git fetch --unshallow brings it'
    );
  }
}

export interface PreviousRelease extends Disposable {
  servicesFolder: string;
}

/**
 * The previous release in a folder of its own, beside the libraries that are installed here: what
 * differs between the two releases is their own code.
 * @throws Error naming the libraries of that release that are no longer installed
 */
export function openPreviousRelease(): PreviousRelease {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-previous-'));
  const archive = git('archive', PREVIOUS_RELEASE, ...WORKSPACES, 'package.json');
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  for (const kind of WORKSPACES) {
    for (const name of readdirSync(join(folder, kind))) {
      const installed = join(REPOSITORY, kind, name, 'node_modules');
      if (!existsSync(installed)) continue;
      // Links to siblings lead to the siblings of that release, all others to the same libraries.
      cpSync(installed, join(folder, kind, name, 'node_modules'), {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
  }
  const gone = packagesOf(folder)
    .flatMap(missingLibraries)
    .filter((one) => !lend(one));
  if (gone.length > 0) {
    rmSync(folder, { recursive: true, force: true });
    const told = gone.map(({ library, name }) => `${library} of ${name}`).join(', ');
    throw new Error(
      `the release before this one needs what is no longer installed (${told}): move ` +
        'PREVIOUS_RELEASE to the commit that did away with it',
    );
  }
  return {
    servicesFolder: join(folder, 'services'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function packagesOf(root: string): string[] {
  return WORKSPACES.flatMap((kind) =>
    readdirSync(join(root, kind)).map((name) => join(root, kind, name)),
  );
}

interface MissingLibrary {
  library: string;
  /** The package of the previous release that has it no more. */
  folder: string;
  name: string;
}

/** Gives a package the library that another one has here; false where none has it any more. */
function lend({ library, folder }: MissingLibrary): boolean {
  const lender = packagesOf(REPOSITORY)
    .map((sibling) => join(sibling, 'node_modules', library))
    .find((place) => existsSync(place));
  if (lender === undefined) return false;
  const place = join(folder, 'node_modules', library);
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(realpathSync(lender), place);
  return true;
}

function missingLibraries(folder: string): MissingLibrary[] {
  const manifest: { name: string; dependencies?: Record<string, string> } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  return Object.keys(manifest.dependencies ?? {})
    .filter((library) =>
      // Where a package no longer has it by itself, Node finds it at the root.
      ['node_modules', '../../node_modules'].every(
        (place) => !existsSync(join(folder, place, library)),
      ),
    )
    .map((library) => ({ library, folder, name: manifest.name }));
}

function git(...args: readonly string[]): Buffer {
  return execFileSync('git', ['-C', REPOSITORY, ...args], {
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
