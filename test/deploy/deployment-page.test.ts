import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findHelm, renderChart } from '../support/helm.ts';
import type { Manifest } from '../support/helm.ts';
import { podsOf } from '../support/rendered-pods.ts';
import { ROOT } from '../support/source-tree.ts';

const page = readFileSync(join(ROOT, 'docs/deployment.md'), 'utf8');

/** Helm is a process of its own, on machines that may be busy. */
const timeout = 60_000;

/** What the values of the page become. */
async function renderPage(): Promise<Manifest[]> {
  const [, values = ''] = /^```yaml\n(# values\.yaml\n[^`]*)^```$/m.exec(page) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'understudy-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'values.yaml');
  writeFileSync(path, values);
  return renderChart([path]);
}

/** The Secrets that the page makes in a namespace, and the keys of each. */
function secretsOfPage(namespace: string): Map<string, string[]> {
  const made = page.matchAll(/^kubectl -n (\S+) create secret generic (\S+) (.+)$/gm);
  return new Map(
    [...made]
      .filter(([, where]) => where === namespace)
      .map(([, , name = '', literals = '']) => [
        name,
        [...literals.matchAll(/--from-literal=(\w+)=/g)].map(([, key = '']) => key),
      ]),
  );
}

test('without containers the user of the units is made, and the folder of files is its own', () => {
  const [, user = ''] = /^User=(\w+)$/m.exec(page) ?? [];
  const [, files = ''] = /^UNDERSTUDY_FILES_PATH=(\S+)$/m.exec(page) ?? [];
  expect(page).toMatch(new RegExp(`^useradd --system .* ${user}$`, 'm'));
  expect(page).toMatch(new RegExp(`^install -d -o ${user} .* ${files}$`, 'm'));
});

describe.skipIf(findHelm() === undefined)('the page on deployment', { timeout }, () => {
  const [install = '', namespace = ''] = /^helm install .* --namespace (\S+).*$/m.exec(page) ?? [];

  test('makes the Secrets that its values name, each with its key, where the pods are', async () => {
    const made = secretsOfPage(namespace);
    const pods = podsOf(await renderPage());
    const references = pods.flatMap(({ container: { env = [] } }) =>
      env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []),
    );
    const named = [
      ...references.map(({ name = '' }) => name),
      ...pods.flatMap((pod) => pod.secrets),
    ];
    expect(new Set(named)).toEqual(new Set(made.keys()));
    const lacking = references.filter(
      ({ name = '', key, optional = false }) => !optional && !made.get(name)?.includes(key),
    );
    expect(lacking).toEqual([]);
  });

  test('makes the service accounts that the chart does not', async () => {
    const manifests = await renderPage();
    const brought = manifests.filter(({ kind }) => kind === 'ServiceAccount');
    const made = page.matchAll(/^kubectl -n (\S+) create serviceaccount (\S+)/gm);
    const there = [
      ...brought.map(({ metadata }) => metadata.name),
      ...[...made].filter(([, where]) => where === namespace).map(([, , name = '']) => name),
    ];
    const used = podsOf(manifests).map(({ spec }) => spec.serviceAccountName);
    expect(new Set(used)).toEqual(new Set(there));
  });

  test('waits for the pods before it asks them, and no hook of the chart stands in the way', async () => {
    expect(install).toMatch(/ --wait\b/);
    const hooks = (await renderPage()).flatMap(
      ({ metadata }) => metadata.annotations?.['helm.sh/hook'] ?? [],
    );
    expect(hooks).toEqual(['test']);
  });
});
