import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { isAllowedLicense } from '../supply-chain/allowed-licenses.ts';
import { readComponents } from '../supply-chain/read-components.ts';
import { renderLicenseList } from '../supply-chain/render-license-list.ts';
import { ROOT, readJson } from './support/source-tree.ts';

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Lockfile {
  packages: Record<string, { resolution: Record<string, unknown> }>;
}

interface ComposeService {
  image?: string;
  build?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  ports?: string[];
  volumes?: string[];
}

const manifests = [
  'package.json',
  ...globSync('{packages,services,bench,examples}/*/package.json', { cwd: ROOT }),
];

test('every package of the lockfile has a checksum, and comes from nowhere but the registry', () => {
  const { packages } = parse(textOf('pnpm-lock.yaml')) as Lockfile;
  const entries = Object.entries(packages);
  expect(entries.length).toBeGreaterThan(300);
  const sound = { integrity: expect.stringMatching(/^sha512-[A-Za-z0-9+/]{86}==$/) };
  for (const [name, { resolution }] of entries) {
    // A tarball's address, a repository or a folder would be a further member.
    expect([name, resolution]).toEqual([name, sound]);
    expect(name).not.toMatch(/^[^@]+@(?:https?|git|github|file|link):|\+ssh/);
  }
});

test('a release is used only when it is days old, and installs run no scripts but those allowed', () => {
  const settings = parse(textOf('pnpm-workspace.yaml')) as Record<string, unknown>;
  expect(settings).toMatchObject({
    minimumReleaseAgeStrict: true,
    trustPolicy: 'no-downgrade',
    blockExoticSubdeps: true,
    strictDepBuilds: true,
  });
  expect(settings['minimumReleaseAge']).toBeGreaterThanOrEqual(3 * 24 * 60);
  // One version each: a name alone would let every later release in.
  for (const exception of settings['minimumReleaseAgeExclude'] as string[]) {
    expect(exception).toMatch(/^(?:@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+$/);
  }
  const allowed = Object.entries(settings['allowBuilds'] as Record<string, boolean>);
  expect(allowed.filter(([, isAllowed]) => isAllowed).map(([name]) => name)).toEqual(['node']);
  for (const name of ['dangerouslyAllowAllBuilds', 'trustPolicyExclude', 'registries']) {
    expect(settings).not.toHaveProperty(name);
  }
  expect(existsSync(join(ROOT, '.npmrc'))).toBe(false);
});

test('every version is named exactly, and none of our packages runs anything at installation', () => {
  const { catalog } = parse(textOf('pnpm-workspace.yaml')) as { catalog: Record<string, string> };
  for (const [name, version] of Object.entries(catalog)) {
    expect([name, version]).toEqual([
      name,
      expect.stringMatching(/^(?:npm:@?[\w./-]+@)?\d+\.\d+\.\d+$/),
    ]);
  }
  expect(manifests.length).toBeGreaterThan(20);
  for (const path of manifests) {
    const {
      dependencies = {},
      devDependencies = {},
      scripts = {},
    } = readJson(path) as Record<string, Record<string, string>>;
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect([path, name, version]).toEqual([
        path,
        name,
        expect.stringMatching(/^(?:catalog:|workspace:\*|\d+\.\d+\.\d+)$/),
      ]);
    }
    const atInstall = Object.keys(scripts).filter((name) =>
      /install|^prepare|^pre|^post/.test(name),
    );
    expect([path, atInstall]).toEqual([path, []]);
  }
});

test.each([
  ['MIT', true],
  ['(AFL-2.1 OR BSD-3-Clause)', true],
  ['MIT AND ISC', true],
  ['GPL-3.0-only', false],
  ['MIT AND GPL-3.0-only', false],
  ['AGPL-3.0-only OR BUSL-1.1', false],
  ['SEE LICENSE IN LICENSE.md', false],
  ['UNLICENSED', false],
  ['', false],
])('the licence %j may be used: %s', (expression, isAllowed) => {
  expect(isAllowedLicense(expression)).toBe(isAllowed);
});

test(
  'whatever runs in production is under an allowed licence, and is listed',
  { timeout: 60_000 },
  () => {
    const components = readComponents();
    expect(components.length).toBeGreaterThan(100);
    expect(components.filter(({ license }) => !isAllowedLicense(license))).toEqual([]);
    expect(textOf('THIRD-PARTY.md'), 'THIRD-PARTY.md is not of today; run pnpm licenses:list').toBe(
      renderLicenseList(components),
    );
  },
);

test('the image runs as a user without rights, from packages that the lockfile fixed', () => {
  const lines = textOf('Dockerfile').split('\n');
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  expect(last).toContain('USER node');
  const afterUser = last.slice(last.indexOf('USER node') + 1);
  expect(afterUser.filter((line) => /^(?:USER|RUN|COPY|ADD)\b/.test(line))).toEqual([]);
  const installs = lines.filter((line) => /^RUN .*pnpm install/.test(line));
  expect(installs.length).toBeGreaterThan(0);
  for (const line of installs) expect(line).toMatch(/--frozen-lockfile/);
  expect(lines.filter((line) => /^ADD\b|curl|wget/.test(line))).toEqual([]);
  expect(lines.join('\n')).toMatch(/npm install --global pnpm@\d+\.\d+\.\d+$/m);
});

test('every service of the compose file has a read-only root and no rights beyond', () => {
  const { services } = parse(textOf('docker-compose.yml'), { merge: true }) as {
    services: Record<string, ComposeService>;
  };
  const ours = Object.entries(services).filter(([, { image }]) => image === 'understudy');
  expect(ours.length).toBeGreaterThan(10);
  for (const [name, service] of ours) {
    expect([name, service]).toEqual([
      name,
      expect.objectContaining({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      }),
    ]);
    for (const member of ['privileged', 'user', 'network_mode', 'pid', 'cap_add', 'devices']) {
      expect(service, name).not.toHaveProperty(member);
    }
    const mounts = service.volumes?.filter(
      (one) => !one.endsWith(':ro') && one !== 'files:/data/files',
    );
    expect([name, mounts]).toEqual([name, []]);
  }
  // Who wants the API on other interfaces says so; Redis is on none.
  for (const [name, { ports = [] }] of Object.entries(services)) {
    expect([name, ports.filter((port) => !port.startsWith('127.0.0.1:'))]).toEqual([name, []]);
  }
  expect(services['redis']?.ports).toBeUndefined();
});
