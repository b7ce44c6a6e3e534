import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { curlOfSubmit } from './job-curl.ts';

test('a shell hands the copied command the very body, quotes and dollars included', () => {
  const body = `{"model":"m","messages":[{"role":"user","content":"it's $5 \`now\` \\\\ \\"then\\""}]}`;
  const command = curlOfSubmit(
    'http://127.0.0.1:8080',
    { endpoint: '/v1/chat/completions', priority: 5, metadata: { team: "o'neil" }, max_cost: 0.5 },
    body,
  );
  const script = `curl() { for last; do :; done; printf '%s' "$last"; }\n${command}`;
  const sent: unknown = JSON.parse(execFileSync('sh', ['-c', script], { encoding: 'utf8' }));
  expect(sent).toEqual({
    endpoint: '/v1/chat/completions',
    body: JSON.parse(body),
    priority: 5,
    metadata: { team: "o'neil" },
    max_cost: 0.5,
  });
});

test('the key is left to the environment', () => {
  expect(curlOfSubmit('http://a', { endpoint: '/v1/messages' }, '{}')).toContain(
    'Bearer $UNDERSTUDY_API_KEY',
  );
});
