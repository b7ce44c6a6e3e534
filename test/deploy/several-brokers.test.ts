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
  // absent(): where no broker is known there is no namespace either.
  expect(mixed).toEqual(['UnderstudySchedulerWithoutLeader: understudy_build_info']);
});

test('the dashboard shows the namespace that was chosen', () => {
  const mixed = dashboardQueries(60).filter(({ query }) =>
    readSelectors(query).some(({ matchers }) =>
      matchers.every(({ label }) => label !== 'namespace'),
    ),
  );
  expect(mixed).toEqual([]);
});
