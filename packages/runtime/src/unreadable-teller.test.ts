import { MissingKeyError } from '@understudy/sealing';
import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { unreadableTeller } from './unreadable-teller.ts';

/** A teller, and what it told of by now. */
function openTeller() {
  const lines: string[] = [];
  const logger = createLogger('test', 'warn', { write: (line) => void lines.push(line) });
  return {
    tell: unreadableTeller(logger, 'left alone'),
    told: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

test('any number of deliveries that lack a key are one line for each key and endpoint', () => {
  const { tell, told } = openTeller();
  for (const pass of [1, 2]) {
    for (let index = 0; index < 10_001; index += 1) {
      const id = `dlv_${index}`;
      for (const endpoint of ['we_1', 'we_2']) {
        tell({ id, receiver: endpoint }, { delivery: id, endpoint }, new MissingKeyError('k1'));
      }
    }
    expect([pass, told().length]).toEqual([pass, 2]);
  }
  tell({ id: 'dlv_0', receiver: 'we_1' }, { endpoint: 'we_1' }, new MissingKeyError('k2'));
  expect(told()).toMatchObject([
    {
      delivery: 'dlv_0',
      endpoint: 'we_1',
      key: 'k1',
      msg: expect.stringMatching(/^left alone; others/) as string,
    },
    { delivery: 'dlv_0', endpoint: 'we_2', key: 'k1' },
    { endpoint: 'we_1', key: 'k2' },
  ]);
});

test('what is broken, or is no delivery, is told of by its own id, once', () => {
  const { tell, told } = openTeller();
  for (const id of ['1', '2', '1']) {
    tell({ id: `dlv_${id}`, receiver: 'we_1' }, { delivery: `dlv_${id}` }, new Error('broken'));
    tell({ project: 'acme', id: `job_${id}` }, { job: `job_${id}` }, new MissingKeyError('k1'));
  }
  expect(told()).toMatchObject([
    { delivery: 'dlv_1', reason: 'broken', msg: 'left alone' },
    { project: 'acme', job: 'job_1', key: 'k1' },
    { delivery: 'dlv_2' },
    { project: 'acme', job: 'job_2' },
  ]);
});
