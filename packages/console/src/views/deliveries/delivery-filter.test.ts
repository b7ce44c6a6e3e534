import { expect, test } from 'vitest';
import {
  deliveryAddress,
  fromLocalInput,
  localInput,
  readDeliveryFilter,
} from './delivery-filter.ts';

test('a filter survives the way through the address', () => {
  const filter = {
    state: 'dead' as const,
    endpoint: 'we_1',
    job: 'job_1&x=2',
    since: '2026-11-22T12:00:00.000Z',
  };
  const address = new URL(deliveryAddress(filter), 'http://console');
  expect(readDeliveryFilter(Object.fromEntries(address.searchParams))).toEqual(filter);
});

test('what an address says wrongly is left out', () => {
  expect(readDeliveryFilter({ state: 'gone', since: 'yesterday', job: ' ', other: 'x' })).toEqual(
    {},
  );
  expect(readDeliveryFilter({ since: '10', before: '2026-11-22' })).toEqual({});
  expect(deliveryAddress({})).toBe('/console/deliveries');
});

test('an instant is shown in local time and comes back the same', () => {
  const instant = '2026-11-22T12:34:00.000Z';
  expect(fromLocalInput(localInput(instant))).toBe(instant);
  expect(localInput(undefined)).toBe('');
  expect(fromLocalInput('')).toBeUndefined();
});
