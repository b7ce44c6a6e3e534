import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const REDIS_PROGRAMS = ['redis-server', 'valkey-server'];
/** How each package manager brings a Redis. */
const INSTALL_COMMANDS = [
  ['apt-get', 'apt-get update && apt-get install --no-install-recommends redis-server'],
  ['dnf', 'dnf install redis || dnf install valkey'],
  ['apk', 'apk add redis'],
  ['brew', 'brew install redis'],
] as const;

/** Full paths of these programs in `searchPath`, which has the form of PATH: all of a name before the next. */
function findPrograms(names: readonly string[], searchPath: string): string[] {
  return names
    .flatMap((name) =>
      searchPath
        .split(delimiter)
        .filter((folder) => folder !== '')
        .map((folder) => join(folder, name)),
    )
    .filter(isExecutable);
}

/** Full path of the first of these programs in `searchPath`, which has the form of PATH. */
export function findProgram(names: readonly string[], searchPath: string): string | undefined {
  return findPrograms(names, searchPath)[0];
}

/** The Redis and Valkey servers on the path. */
export function findRedis(searchPath: string): string[] {
  return findPrograms(REDIS_PROGRAMS, searchPath);
}

/** What a person has to type to get a Redis on this machine; one line a way where none is clear. */
export function redisInstallCommand(searchPath: string, isRoot: boolean): string {
  const known = INSTALL_COMMANDS.find(([manager]) => findProgram([manager], searchPath));
  if (known === undefined) {
    return INSTALL_COMMANDS.map(([manager, command]) => `  ${manager}: ${command}`).join('\n');
  }
  const [manager, command] = known;
  if (isRoot || manager === 'brew') return `  ${command}`;
  // A minimal Debian has no sudo.
  const asRoot = findProgram(['sudo'], searchPath) === undefined ? 'su - -c' : 'sudo sh -c';
  return `  ${asRoot} '${command}'`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
