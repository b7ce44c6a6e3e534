import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openLiveSettings } from './live-settings.ts';

const MAIN = 'main: { kind: openai, apiKey: first-secret, concurrency: 4 }';
const BACKUP = 'backup: { kind: openai, apiKey: second-secret }';
const routesOf = (name: string) => `routes: { ${name}: { targets: [{ provider: main }] } }`;

function openFile(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-live-'));
  const path = join(folder, 'understudy.yaml');
  const write = (changed: string) => writeFileSync(path, changed);
  write(text);
  const log = {
    info: vi.fn<(fields: object, message: string) => void>(),
    warn: vi.fn<(fields: object, message: string) => void>(),
    error: vi.fn<(fields: object, message: string) => void>(),
  };
  const live = openLiveSettings({ path, environment: {}, credentials: 'resolve' }, log);
  onTestFinished(() => {
    live.close();
    rmSync(folder, { recursive: true });
  });
  return { path, live, log, write };
}

test('changed routes are in use, and the log says so', async () => {
  const { path, live, log, write } = openFile(`providers: { ${MAIN} }\n${routesOf('one')}`);
  write(`providers: { ${MAIN} }\n${routesOf('two')}`);
  await vi.waitFor(() => expect(Object.keys(live.current().routes)).toEqual(['two']), 10_000);
  expect(log.info).toHaveBeenCalledExactlyOnceWith({ path }, 'the changed configuration is in use');
  expect(log.warn).not.toHaveBeenCalled();
});

test.each(['', '# emptied to be written anew\n'])(
  'a file that is empty for a moment changes nothing, and the log says so: %j',
  async (empty) => {
    const { path, live, log, write } = openFile(`providers: { ${MAIN} }\n${routesOf('one')}`);
    write(empty);
    const problems = ['the file is empty; write {} if nothing is meant'];
    await vi.waitFor(() => expect(log.error).toHaveBeenCalledOnce(), 10_000);
    expect(log.error.mock.calls[0]?.[0]).toMatchObject({ path, problems });
    expect(Object.keys(live.current().routes)).toEqual(['one']);
    write(`providers: { ${MAIN} }\n${routesOf('two')}`);
    await vi.waitFor(() => expect(Object.keys(live.current().routes)).toEqual(['two']), 10_000);
    write('{}');
    await vi.waitFor(() => expect(live.current().routes).toEqual({}), 10_000);
  },
);

test('of changed providers the log says that they wait for a start, by name and without a secret', async () => {
  const { path, live, log, write } = openFile(`providers: { ${MAIN} }\n${routesOf('one')}`);
  const busier = MAIN.replace('4', '8');
  write(`providers: { ${busier}, ${BACKUP} }\n${routesOf('two')}`);
  await vi.waitFor(() => expect(Object.keys(live.current().routes)).toEqual(['two']), 10_000);
  expect(live.current().providers).toMatchObject({ main: { concurrency: 4 } });
  expect(live.current().providers).not.toHaveProperty('backup');
  expect(log.info).not.toHaveBeenCalled();
  expect(log.warn).toHaveBeenCalledExactlyOnceWith(
    { path, providers: ['main', 'backup'] },
    expect.stringMatching(/but for providers.*next start/),
  );
});

test('a provider that is gone from the file, and serves on, stays forbidden to whom it was', async () => {
  const rule = 'providers: { except: [backup] }';
  const { live, write } = openFile(`
providers: { ${MAIN}, ${BACKUP} }
routes: { one: { targets: [{ provider: main }], ${rule} } }
projects: { eu: { ${rule} }, us: { ${rule} } }
`);
  write(`
providers: { ${MAIN} }
routes: { one: { targets: [{ provider: main }] } }
projects: { us: { providers: { except: [main] } } }
`);
  const held = () => live.current().projectProviders;
  await vi.waitFor(() => expect(held()['us']).toEqual({ except: ['main', 'backup'] }), 10_000);
  expect(held()['eu']).toEqual({ except: ['backup'] });
  expect(live.current().routes['one']?.providers).toEqual({ except: ['backup'] });
  expect(live.current().providers).toHaveProperty('backup');
  write(`providers: { ${MAIN}, ${BACKUP} }\n${routesOf('one')}`);
  await vi.waitFor(() => expect(held()).toEqual({}), 10_000);
});
