import { BrokerError } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { readBrokerHeaders } from './broker-headers.ts';

test('every option can be given as a header', () => {
  expect(
    readBrokerHeaders({
      'understudy-priority': 'high',
      'understudy-callback-url': 'https://hooks.example.com/a?b=c',
      'understudy-callback-events': 'job.completed, job.failed',
      'understudy-expires-in': '10m',
      'understudy-metadata': '{"team": "a", "run": "7"}',
      'understudy-providers': 'only=main, backup',
      'understudy-max-cost': '0.05',
      'understudy-store': 'False',
      'content-type': 'application/json',
    }),
  ).toEqual({
    priority: 2,
    callback: {
      url: 'https://hooks.example.com/a?b=c',
      events: ['job.completed', 'job.failed'],
    },
    expiresIn: '10m',
    metadata: { team: 'a', run: '7' },
    providers: { only: ['main', 'backup'] },
    maxCost: 0.05,
    store: false,
  });
});

test('numbers are read as numbers, and what is not there is absent', () => {
  expect(readBrokerHeaders({ 'understudy-priority': '0', 'understudy-expires-in': '90' })).toEqual({
    priority: 0,
    expiresIn: 90,
  });
  expect(readBrokerHeaders({ 'understudy-providers': 'except=main' })).toEqual({
    providers: { except: ['main'] },
  });
  expect(readBrokerHeaders({})).toEqual({});
});

test.each([
  ['Understudy-Priority', 'urgent'],
  ['Understudy-Priority', '10'],
  ['Understudy-Expires-In', 'for a very long time indeed'],
  ['Understudy-Metadata', 'team=a'],
  ['Understudy-Metadata', '{"team": 7}'],
  ['Understudy-Metadata', '["team"]'],
  ['Understudy-Providers', 'main'],
  ['Understudy-Providers', 'only='],
  ['Understudy-Max-Cost', '0'],
  ['Understudy-Max-Cost', '5 USD'],
  ['Understudy-Store', 'no'],
  ['Understudy-Callback-Url', ''],
  ['Understudy-Callback-Events', 'job.completed'],
])('%s: %j is refused by its name', (name, value) => {
  const read = (): unknown => readBrokerHeaders({ [name.toLowerCase()]: value });
  expect(read).toThrow(BrokerError);
  expect(read).toThrow(name);
});

test('a refusal says what is wanted', () => {
  expect(() => readBrokerHeaders({ 'understudy-priority': 'urgent' })).toThrow(
    'expected one of "high", "normal", "low", or expected a number',
  );
});

test('an event that does not exist, and a header that does not, are refused', () => {
  const url = { 'understudy-callback-url': 'https://hooks.example.com' };
  expect(() => readBrokerHeaders({ ...url, 'understudy-callback-events': 'job.done' })).toThrow(
    'Understudy-Callback-Events',
  );
  expect(() => readBrokerHeaders({ 'understudy-prio': '1' })).toThrow(
    'understudy-prio is not known',
  );
});
