import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from './configuration-error.ts';
import { formatProblem } from './problem-path.ts';

/** What a worker service says of its kind in `kind.json`; the only place a kind is listed. */
const kindManifestSchema = z.strictObject({
  kind: z.string().min(1),
  /** Fields a provider of this kind takes beside those that every kind has, and what each is. */
  fields: z.record(z.string(), z.string()),
  /** Of those fields the ones that take a list in place of a text → what may stand in it. */
  lists: z.record(z.string(), z.array(z.string()).min(1)).optional(),
  /** Of those fields the ones that name a header in which a key is sent. */
  headers: z.array(z.string()).optional(),
  /** Of each group at least one field must be there. */
  required: z.array(z.array(z.string()).min(1)),
  /** Fields that hold secrets: only the worker service of the kind resolves them. */
  credentials: z.array(z.string()),
  /** Where none of them is set, the vendor's own tools look for some on the machine of the worker. */
  findsCredentials: z.literal(true).optional(),
  /** Field → JSON file beside the manifest whose members are the values the field may have. */
  choicesFrom: z.record(z.string(), z.string()).optional(),
  /** Providers that are there without a file once all variables of `when` are set. */
  environment: z.array(
    z.strictObject({
      provider: z.string().min(1),
      when: z.array(z.string()).min(1),
      settings: z.record(z.string(), z.unknown()),
    }),
  ),
});
/** A manifest with the files that it names read. */
export type KindManifest = z.infer<typeof kindManifestSchema> & {
  choices?: Readonly<Record<string, readonly string[]>>;
};

/**
 * Reads `worker-<kind>/kind.json` of every worker service, in order of the folders' names.
 * @throws ConfigurationError naming each file that cannot be read
 */
export function readKindManifests(servicesDirectory: string): KindManifest[] {
  const problems: string[] = [];
  const manifests = readdirSync(servicesDirectory)
    .filter((name) => name.startsWith('worker-'))
    .toSorted()
    .map((name) => join(servicesDirectory, name, 'kind.json'))
    .filter((path) => existsSync(path))
    .flatMap((path) => {
      const manifest = readManifest(path, problems);
      return manifest === undefined ? [] : [manifest];
    });
  if (problems.length > 0) throw new ConfigurationError(problems);
  return manifests;
}

function readManifest(path: string, problems: string[]): KindManifest | undefined {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    problems.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  const result = kindManifestSchema.safeParse(content);
  if (result.success) return withChoices(result.data, dirname(path));
  problems.push(
    ...result.error.issues.map((issue) => `${path}: ${formatProblem(issue.path, issue.message)}`),
  );
  return undefined;
}

function withChoices(manifest: z.infer<typeof kindManifestSchema>, folder: string): KindManifest {
  if (manifest.choicesFrom === undefined) return manifest;
  const choices = Object.entries(manifest.choicesFrom).map(([field, file]) => {
    const members: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return [field, Object.keys(z.record(z.string(), z.unknown()).parse(members))];
  });
  return { ...manifest, choices: Object.fromEntries(choices) };
}
