import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { runCli, startCli } from '../support/run-cli.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

const PROMPTS = join(import.meta.dirname, '../../examples/shell/prompts.txt');

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
  broker = await startBroker({
    kinds: ['openai-compatible'],
    configuration: `
autoRoutes: false
providers:
  first: { kind: openai-compatible, baseUrl: "${vendor.url}/v1", passthrough: true }
  second: { kind: openai-compatible, baseUrl: "${vendor.url}/v1", passthrough: true }
routes:
  chat: { targets: [ { provider: first, model: big }, { provider: second, model: small } ] }
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});
beforeEach(() => vendor.reset());

const cli = (args: readonly string[], input?: string) =>
  runCli(broker, args, input === undefined ? {} : { input });

const jobOf = async (args: readonly string[]): Promise<string> => {
  const { stdout, code, stderr } = await cli(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^job_[0-9a-z]{26}\n$/);
  return stdout.trim();
};

test('what is piped in is asked, and with --wait the answer alone comes out', async () => {
  const { code, stdout, stderr } = await cli(
    ['submit', '-m', 'chat', '-s', 'Be brief.', '--wait'],
    'Why is the sky blue?',
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.trim().length).toBeGreaterThan(0);
  expect(stdout).not.toContain('job_');
  const [call] = await vendor.waitForCalls(1);
  expect(JSON.parse(call?.body ?? '')).toMatchObject({
    model: 'big',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Why is the sky blue?' },
    ],
  });
});

test('submit gives the id to a script, wait the answer, get the whole job', async () => {
  const id = await jobOf([
    'submit',
    '-m',
    'chat',
    '--priority',
    'high',
    '--metadata',
    'team=a',
    '--max-cost',
    '0.5',
    'Hello',
  ]);
  const waited = await cli(['wait', id, '--timeout', '30s']);
  expect(waited).toMatchObject({ code: 0, stderr: '' });
  const got = await cli(['get', id, '--json']);
  const job: Record<string, unknown> = JSON.parse(got.stdout);
  expect(job).toMatchObject({ id, status: 'completed', metadata: { team: 'a' }, max_cost: 0.5 });
  expect(JSON.stringify(job)).toContain(waited.stdout.trim());
  const human = await cli(['get', id]);
  expect(human.stdout).toContain('team=a');
  expect(human.stdout).toMatch(/may cost +\$0\.50/);
  expect(human.stdout).toMatch(/first\/big +big +succeeded +200/);
});

test('the same idempotency key makes one job', async () => {
  const args = ['submit', '-m', 'chat', '--key', 'only-once', 'Hello'];
  expect(await jobOf(args)).toBe(await jobOf(args));
});

test('a job that fails ends with code 1 and says why', async () => {
  vendor.onCall(() => true, { status: 400, body: { error: { message: 'no such thing' } } });
  const result = await cli(['submit', '-m', 'chat', '--wait', 'Hello']);
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toContain('failed');
  const id = /job_[0-9a-z]{26}/.exec(result.stderr)?.[0] ?? '';
  const listed = async (): Promise<string[]> => {
    const { stdout } = await cli(['ls', '--status', 'failed', '--json']);
    const jobs: { id: string }[] = JSON.parse(stdout);
    return jobs.map((job) => job.id);
  };
  // Lists are at most a second behind.
  await expect.poll(listed, { timeout: 10_000 }).toContain(id);
});

test('retry makes a new job of a failed one, and rm erases it', async () => {
  vendor.onCall(
    () => true,
    (_call, matched) =>
      matched === 1 ? { status: 400, body: { error: { message: 'no' } } } : undefined,
  );
  const failed = await jobOf(['submit', '-m', 'chat', 'Hello']);
  expect(await cli(['wait', failed])).toMatchObject({ code: 1 });
  const again = await jobOf(['retry', failed]);
  expect(again).not.toBe(failed);
  expect(await cli(['wait', again])).toMatchObject({ code: 0 });
  expect(await cli(['rm', failed])).toMatchObject({ code: 0, stdout: `${failed}  erased\n` });
  expect(await cli(['get', failed])).toMatchObject({ code: 4, stdout: '' });
});

test('what fits a filter is counted, retried and cancelled together', async () => {
  const failed: string[] = [];
  const undo = vendor.onCall(() => true, { status: 400, body: { error: { message: 'no' } } });
  for (let number = 0; number < 3; number += 1) {
    const id = await jobOf(['submit', '-m', 'chat', '--metadata', 'run=bulk', 'hello']);
    expect((await cli(['wait', id])).code).toBe(1);
    failed.push(id);
  }
  const filter = ['--status', 'failed', '--metadata', 'run=bulk', '--since', '1h'];
  // Lists are a second behind.
  await expect
    .poll(async () => (await cli(['retry', ...filter, '--dry-run'])).stdout, { timeout: 30_000 })
    .toBe('3 would be retried\n');
  const listed: { id: string }[] = JSON.parse((await cli(['ls', ...filter, '--json'])).stdout);
  expect(listed.map(({ id }) => id).toSorted()).toEqual(failed.toSorted());
  undo();
  vendor.onCall(() => true, { answer: 'never' });
  expect(await cli(['retry', ...filter])).toMatchObject({ code: 0, stdout: '3 of 3 retried\n' });
  const open = ['--metadata', 'run=bulk'];
  await expect
    .poll(async () => (await cli(['cancel', ...open, '--dry-run'])).stdout, { timeout: 30_000 })
    .toBe('3 would be cancelled\n');
  expect((await cli(['cancel', ...open])).stdout).toBe('3 of 3 cancelled\n');
  expect(await cli(['cancel'])).toMatchObject({ code: 2 });
  expect(await cli(['cancel', failed[0] ?? '', '--all'])).toMatchObject({ code: 2 });
});

test('watch of a job tells its failed attempt and its end, then ends', async () => {
  vendor.onCall(
    () => true,
    (_call, matched) => (matched === 1 ? { status: 500, body: 'broken' } : undefined),
  );
  const id = await jobOf(['submit', '-m', 'chat', 'Hello']);
  const { code, stdout } = await cli(['watch', id, '--json']);
  expect(code).toBe(0);
  const events = stdout
    .trim()
    .split('\n')
    .map((line): { type: string } => JSON.parse(line));
  expect(events.map(({ type }) => type)).toContain('job.attempt_failed');
  expect(events.at(-1)).toMatchObject({ type: 'job.completed' });
});

test('a cancelled job is cancelled, and waiting for it ends with code 1', async () => {
  vendor.onCall(() => true, { answer: 'never' });
  const id = await jobOf(['submit', '-m', 'chat', 'Hello']);
  await vendor.waitForCalls(1);
  expect(await cli(['cancel', id])).toMatchObject({ code: 0, stdout: `${id}  cancelled\n` });
  expect(await cli(['wait', id])).toMatchObject({ code: 1 });
});

test('Ctrl-C ends a wait with code 130 and leaves the job alone', async () => {
  vendor.onCall(() => true, { answer: 'never' });
  const id = await jobOf(['submit', '-m', 'chat', 'Hello']);
  await vendor.waitForCalls(1);
  const waiting = startCli(broker, ['watch', id]);
  await waiting.firstOutput;
  waiting.kill('SIGINT');
  expect(await waiting.result).toMatchObject({ code: 130 });
  expect(await broker.getJob(id)).toMatchObject({ status: 'in_progress' });
  await cli(['cancel', id]);
});

test('routes, explain, providers and models show where a job would go', async () => {
  const explained = await cli(['explain', 'chat']);
  expect(explained).toMatchObject({ code: 0, stderr: '' });
  expect(explained.stdout).toMatch(/1 +first +openai-compatible +big/);
  expect(explained.stdout).toMatch(/2 +second +openai-compatible +small/);
  expect((await cli(['routes'])).stdout).toContain('first/big, second/small');
  expect((await cli(['providers'])).stdout).toMatch(/first +openai-compatible +alive/);
  const models: { id: string }[] = JSON.parse((await cli(['models', '--json'])).stdout);
  expect(models.map(({ id }) => id)).toContain('chat');
  expect(await cli(['explain', 'chatt'])).toMatchObject({ code: 4 });
});

test('a key of a project sees its own jobs alone, and none once it is revoked', async () => {
  expect(await cli(['projects', 'create', 'acme'])).toMatchObject({ code: 0 });
  const made = await cli([
    'keys',
    'create',
    '--project',
    'acme',
    '--scope',
    'submit,read',
    '--json',
  ]);
  const key: { id: string; key: string } = JSON.parse(made.stdout);
  await jobOf(['submit', '-m', 'chat', 'Hello']);
  const acme = { url: broker.url, apiKey: key.key };
  expect(await runCli(acme, ['ls', '--json'])).toMatchObject({ code: 0, stdout: '[]\n' });
  expect(await runCli(acme, ['keys', 'ls'])).toMatchObject({ code: 3, stdout: '' });
  await findsAsOperator(acme);
  expect((await cli(['keys', 'ls'])).stdout).toContain(key.id);
  expect(await cli(['keys', 'revoke', key.id])).toMatchObject({ code: 0 });
  await expect.poll(async () => (await runCli(acme, ['ls'])).code, { timeout: 10_000 }).toBe(3);
});

/** What the operator's key sees of a job that this one submits. */
async function findsAsOperator(acme: Pick<Broker, 'url' | 'apiKey'>): Promise<void> {
  const id = (await runCli(acme, ['submit', '-m', 'chat', 'Hello'])).stdout.trim();
  const missed = await cli(['get', id]);
  expect(missed).toMatchObject({ code: 4, stdout: '' });
  expect(missed.stderr).toContain('only what is of the project default was looked at');
  const found = await cli(['get', id, '--project', '*', '--json']);
  expect(JSON.parse(found.stdout)).toMatchObject({ id, project: 'acme' });
  const refused = await cli(['cancel', id, '--project', '*']);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('the request acts in one project');
}

test('limits of a project are set, shown and taken away again, and hold for its keys', async () => {
  await cli(['projects', 'create', 'thrifty']);
  const limited = await cli([
    'projects',
    'limit',
    'thrifty',
    'routes=other',
    'jobs-waiting=20000',
    'spend-per-day=2.5',
  ]);
  expect(limited).toMatchObject({ code: 0, stderr: '' });
  expect(limited.stdout).toMatch(/thrifty .*jobs-waiting=20000/);
  const shown = await cli(['projects', 'ls', '--json']);
  const projects: { name: string; limits?: unknown }[] = JSON.parse(shown.stdout);
  expect(projects.find(({ name }) => name === 'thrifty')?.limits).toEqual({
    routes: ['other'],
    jobs_waiting: 20_000,
    spend_per_day: 2.5,
  });
  const made = await cli(['keys', 'create', '--project', 'thrifty', '--json']);
  const { key }: { key: string } = JSON.parse(made.stdout);
  const submit = () => runCli({ url: broker.url, apiKey: key }, ['submit', '-m', 'chat', 'Hello']);
  await expect.poll(submit, { timeout: 10_000 }).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('chat'),
  });

  const freed = await cli(['projects', 'limit', 'thrifty', 'routes=none', '--json']);
  expect(JSON.parse(freed.stdout)).toMatchObject({
    name: 'thrifty',
    limits: { jobs_waiting: 20_000, spend_per_day: 2.5 },
  });
  expect(freed.stdout).not.toContain('routes');
  await expect.poll(submit, { timeout: 10_000 }).toMatchObject({ code: 0, stderr: '' });
});

test('a limit that is none is refused before anything is asked', async () => {
  const misspelt = await cli(['projects', 'limit', 'default', 'job-waiting=1']);
  expect(misspelt).toMatchObject({ code: 2, stdout: '' });
  expect(misspelt.stderr).toContain('jobs-waiting');
  expect(await cli(['projects', 'limit', 'default', 'spend-per-day=0'])).toMatchObject({ code: 2 });
  expect(await cli(['keys', 'create', '--limit', 'jobs-waiting'])).toMatchObject({ code: 2 });
  const nobody = await cli(['projects', 'limit', 'nobodys', 'jobs-waiting=1']);
  expect(nobody).toMatchObject({ code: 4, stdout: '' });
});

/** Makes a key with `--limit` for each of them. */
async function makeLimited(...limits: string[]): Promise<{ key: string; limits?: unknown }> {
  const options = limits.flatMap((limit) => ['--limit', limit]);
  const made = await cli(['keys', 'create', ...options, '--json']);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  const key: { key: string; limits?: unknown } = JSON.parse(made.stdout);
  return key;
}

test('a key that is made with limits may do so much and no more', async () => {
  const low = await makeLimited('highest-priority=low', 'jobs-waiting=20000');
  expect(low.limits).toEqual({ highest_priority: 8, jobs_waiting: 20_000 });
  const submit = ({ key }: { key: string }) =>
    runCli({ url: broker.url, apiKey: key }, ['submit', '-m', 'chat', 'Hello']);
  const submitted = await submit(low);
  expect(submitted).toMatchObject({ code: 0, stderr: '' });
  expect(await broker.getJob(submitted.stdout.trim())).toMatchObject({ priority: 8 });
  const elsewhere = await makeLimited('routes=other,third');
  expect(elsewhere.limits).toEqual({ routes: ['other', 'third'] });
  expect(await submit(elsewhere)).toMatchObject({
    code: 3,
    stdout: '',
    stderr: expect.stringContaining('chat'),
  });
});

test('endpoints of webhooks are made, listed, rotated and removed', async () => {
  const made = await cli([
    'webhooks',
    'create',
    'https://example.com/hook',
    '--events',
    'job.failed',
    '--json',
  ]);
  const endpoint: { id: string; secret: string } = JSON.parse(made.stdout);
  expect(endpoint.secret).toMatch(/^whsec_/);
  expect((await cli(['webhooks', 'ls'])).stdout).toContain('https://example.com/hook');
  const rotated = await cli(['webhooks', 'rotate', endpoint.id]);
  expect(rotated.stdout).toContain('whsec_');
  expect(rotated.stdout).not.toContain(endpoint.secret);
  expect(await cli(['webhooks', 'deliveries', '--endpoint', endpoint.id])).toMatchObject({
    code: 0,
  });
  expect(await cli(['webhooks', 'rm', endpoint.id])).toMatchObject({ code: 0 });
  expect((await cli(['webhooks', 'ls', '--json'])).stdout).toBe('[]\n');
});

test('doctor finds nothing wrong with a broker that is well', async () => {
  const environment = { UNDERSTUDY_CONFIG: broker.configurationPath };
  const { code, stdout } = await runCli(broker, ['doctor'], { environment });
  expect(stdout).toContain(`API: ${broker.url} answers\n`);
  expect(stdout).toContain('key: is good for read, submit, admin');
  expect(stdout).toMatch(/^ok +provider first: a worker serves it$/m);
  expect(stdout).toMatch(/^ok +names: /m);
  expect({ code, stdout }).toMatchObject({ code: 0 });
});

test('doctor tells of a provider that an operator has paused', async () => {
  expect(await cli(['providers', 'pause', 'second', '--reason', 'repairs'])).toMatchObject({
    code: 0,
  });
  onTestFinished(async () => void (await cli(['providers', 'resume', 'second'])));
  const { code, stdout } = await cli(['doctor']);
  expect(stdout).toMatch(
    /^warn +provider second: has been paused for .* \(repairs\) .*understudy providers resume second/m,
  );
  expect(stdout).toMatch(/^ok +provider first: a worker serves it$/m);
  expect(code).toBe(0);
});

test('doctor names a foreign Redis, a broken configuration and a wrong key, each with its remedy', async () => {
  const wrong = await runCli({ url: broker.url, apiKey: 'a-key-that-nobody-knows' }, ['doctor'], {
    environment: {
      REDIS_URL: 'redis://127.0.0.1:1',
      UNDERSTUDY_CONFIG: '/nowhere/understudy.yaml',
    },
  });
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toMatch(/^FAIL +key: .*understudy keys create/m);
  expect(wrong.stdout).toMatch(/^FAIL +Redis: .*check REDIS_URL/m);
  expect(wrong.stdout).toMatch(/^FAIL +configuration: .*UNDERSTUDY_CONFIG/m);
});

test('doctor tells what it found though the broker has lost its Redis', async () => {
  const problem = { status: 503, detail: 'the store does not answer now', error: {} };
  const server = createServer(({ url }, response) => {
    const body =
      url === '/readyz' ? { status: 'not_ready', missing: ['Redis does not answer'] } : problem;
    response.writeHead(503, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const url = `http://127.0.0.1:${port}`;
  const { code, stdout } = await runCli({ url, apiKey: 'a-key-for-tests' }, ['doctor']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ok +API: /m);
  expect(stdout).toMatch(/^FAIL +ready: takes no jobs: Redis does not answer$/m);
  expect(stdout).toMatch(/^FAIL +key: cannot be looked at: the store does not answer now/m);
});

test.each([
  [['submit', 'Hello'], 2, 'name a model with -m'],
  [['submit', '-m', 'chat', '--priority', 'soon', 'Hello'], 2, 'Give high, normal, low or 0 to 9.'],
  [['submit', '-m', 'chat', '--max-cost', '0', 'Hello'], 2, 'Give an amount above 0.'],
  [['sumbit'], 2, 'Did you mean submit?'],
  [['jobs'], 2, "understudy: unknown command 'jobs'\nSee understudy --help"],
  [['submit', '-m', 'chat', '-f', '/'], 2, 'is a folder; name a file'],
  [['wait', 'job_1', '--timeout', '30d'], 2, 'at most 24d'],
  [['batch', 'run', '/', '-o', 'x', '-m', 'chat'], 2, 'is a folder; name a file'],
  [['batch', 'run', PROMPTS, '--format', 'text', '-o', '/', '-m', 'chat'], 2, '-o names a folder'],
  [
    ['batch', 'run', PROMPTS, '--format', 'text', '-o', '/nowhere/x', '-m', 'chat'],
    2,
    '/nowhere, which is no folder',
  ],
  [['batch', 'run', PROMPTS, '-o', 'x', '--expires-in', '10m'], 2, 'from 1h to 7d'],
  [['get', 'job_00000000000000000000000000'], 4, 'job'],
  [['ls', '--url', 'http://127.0.0.1:1'], 3, 'is it running?'],
])('%j ends with code %i and says what to do', async (args, code, message) => {
  const result = await cli(args);
  expect(result).toMatchObject({ code, stdout: '' });
  expect(result.stderr).toContain(message);
});
