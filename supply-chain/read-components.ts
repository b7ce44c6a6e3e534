import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A package that runs in production, as the software bill of materials names it. */
export interface Component {
  name: string;
  version: string;
  /** SPDX expression; empty where the package states none. */
  license: string;
}

export const ROOT = join(import.meta.dirname, '..');
/** Where the start command puts pnpm on machines that have none. */
const OWN_PNPM = join(ROOT, '.data/tools/node_modules/.bin/pnpm');
const MOST_BYTES = 64 * 1024 * 1024;

const licenseSchema = z.union([
  z.object({ expression: z.string() }).transform(({ expression }) => expression),
  z
    .object({ license: z.object({ id: z.string().optional(), name: z.string().optional() }) })
    .transform(({ license }) => license.id ?? license.name ?? ''),
]);
const billSchema = z.object({
  components: z.array(
    z.object({
      group: z.string().optional(),
      name: z.string(),
      version: z.string(),
      licenses: z.array(licenseSchema).default([]),
    }),
  ),
});

/**
 * Other people's packages that production needs, by name, without those that only some platforms
 * install. Reads the lockfile and what is installed; needs no network.
 */
export function readComponents(): Component[] {
  const pnpm = existsSync(OWN_PNPM) ? OWN_PNPM : 'pnpm';
  const bill = ['sbom', '--sbom-format', 'cyclonedx', '--prod', '--no-optional'];
  const text = execFileSync(pnpm, bill, { cwd: ROOT, encoding: 'utf8', maxBuffer: MOST_BYTES });
  return billSchema
    .parse(JSON.parse(text))
    .components.filter(({ group }) => group !== '@understudy')
    .map(({ group, name, version, licenses }) => ({
      name: group === undefined ? name : `${group}/${name}`,
      version,
      license: licenses.join(' AND '),
    }))
    .toSorted((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
