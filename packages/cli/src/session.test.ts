import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { listenForTest } from '../../../test/support/listen-for-test.ts';
import { EXIT } from './exit-code.ts';
import { runAgainst } from './testing/run-against.ts';

const NO_HEADER = 'the API key holds white space or characters that no header can carry';

test.each([
  ['Bearer us_x', NO_HEADER],
  ['us_…', NO_HEADER],
  [' ', 'no API key: set UNDERSTUDY_API_KEY'],
  ['', 'no API key: set UNDERSTUDY_API_KEY'],
])(
  'the key %j goes nowhere, and every command says what is wrong with it',
  async (apiKey, words) => {
    let requests = 0;
    const url = await listenForTest(
      createServer((_request, response) => {
        requests += 1;
        response.end();
      }),
    );
    for (const args of [['ls'], ['rm', 'job_1'], ['retry', 'job_1'], ['wait', 'job_1', 'job_2']]) {
      const { code, stdout, stderr } = await runAgainst(url, args, { apiKey });
      expect({ code, stdout }).toEqual({ code: EXIT.unreachable, stdout: '' });
      expect(stderr).toContain(words);
    }
    expect(requests).toBe(0);
  },
);
