import { expect, test } from 'vitest';
import { alertQueries, dashboardQueries } from '../support/metrics-queries.ts';
import { readSelectors } from '../support/promql-query.ts';

// One Prometheus may know the brokers of several namespaces.

test('no alert adds up brokers, or takes one for another', () => {
  const mixed = alertQueries().flatMap(({ name, query }) =>
    readSelectors(query)
      .filter(({ groupedBy }) => !groupedBy.includes('namespace'))
      .map(({ metric }) => `${name}: ${metric}`),
  );
  // absent_over_time(): where no broker is known there is no namespace either.
  expect(mixed).toEqual(['UnderstudySchedulerWithoutLeader: understudy_build_info']);
});

test('that nobody leads is told of the namespaces of brokers, not of those that have workers alone', () => {
  const { query = '' } =
    alertQueries().find(({ name }) => name === 'UnderstudySchedulerWithoutLeader') ?? {};
  const known = readSelectors(query).filter(({ metric }) => metric === 'understudy_build_info');
  const ofBrokers = [{ label: 'service', operator: '!~', value: 'worker-.*' }];
  // Workers alone are no broker either where none is known any more.
  expect(known.map(({ matchers }) => matchers)).toEqual([ofBrokers, ofBrokers]);
  // The series of one that is gone altogether end all at once.
  expect(query).toMatch(/last_over_time\(understudy_build_info\{[^}]+\}\[1d\]\)/);
});

test('that a service is gone is told where it ran lately, and where the rest of its broker runs', () => {
  const { query = '' } = alertQueries().find(({ name }) => name === 'UnderstudyServiceGone') ?? {};
  const waitedFor = [{ label: 'service', operator: '=~', value: 'webhook-deliverer|batch-runner' }];
  const rest = [{ label: 'service', operator: '=~', value: 'api|scheduler' }];
  expect(readSelectors(query).map(({ metric, matchers }) => [metric, matchers])).toEqual([
    ['understudy_build_info', waitedFor],
    ['understudy_build_info', waitedFor],
    ['understudy_build_info', rest],
  ]);
  expect(query).toMatch(/^max by \(namespace, service\) \(last_over_time\([^)]+\[1d\]\)\)/);
});

test('the dashboard shows the namespace that was chosen', () => {
  const mixed = dashboardQueries(60).filter(({ query }) =>
    readSelectors(query).some(({ matchers }) =>
      matchers.every(({ label }) => label !== 'namespace'),
    ),
  );
  expect(mixed).toEqual([]);
});
