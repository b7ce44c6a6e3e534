import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { curlOfJob, curlOfSubmit } from './job-curl.ts';

/** What a shell hands to curl as its last argument. */
function sentBy(command: string): unknown {
  const script = `curl() { for last; do :; done; printf '%s' "$last"; }\n${command}`;
  return JSON.parse(execFileSync('sh', ['-c', script], { encoding: 'utf8' }));
}

test('a shell hands the copied command the very body, quotes and dollars included', () => {
  const body = `{"model":"m","messages":[{"role":"user","content":"it's $5 \`now\` \\\\ \\"then\\""}]}`;
  const command = curlOfSubmit(
    'http://127.0.0.1:8080',
    { endpoint: '/v1/chat/completions', priority: 5, metadata: { team: "o'neil" }, max_cost: 0.5 },
    body,
    undefined,
  );
  expect(sentBy(command)).toEqual({
    endpoint: '/v1/chat/completions',
    body: JSON.parse(body),
    priority: 5,
    metadata: { team: "o'neil" },
    max_cost: 0.5,
  });
});

test('the key is left to the environment', () => {
  expect(curlOfSubmit('http://a', { endpoint: '/v1/messages' }, '{}', undefined)).toContain(
    'Bearer $UNDERSTUDY_API_KEY',
  );
});

test('who may see the job, and that it leaves nothing, is asked for again', () => {
  const terms = { providers: { only: ['in-house'] }, store: false as const };
  const command = curlOfSubmit('http://a', { endpoint: '/v1/messages', ...terms }, '{}', undefined);
  expect(sentBy(command)).toEqual({ endpoint: '/v1/messages', body: {}, ...terms });
});

test('another project than the key’s own is named', () => {
  const named = "-H 'Understudy-Project: acme'";
  const job = { endpoint: '/v1/messages' } as const;
  expect(curlOfSubmit('http://a', job, '{}', 'acme')).toContain(`  ${named} \\\n`);
  expect(curlOfSubmit('http://a', job, '{}', undefined)).not.toContain('Understudy-Project');
  expect(curlOfJob('http://a', 'job_1', 'acme')).toContain(` ${named} `);
});
