import { afterEach, expect, test, vi } from 'vitest';
import { findBroker } from './find-broker.ts';

afterEach(() => vi.unstubAllEnvs());

test('what is not given comes from the environment, in which an empty variable is none', () => {
  vi.stubEnv('UNDERSTUDY_API_KEY', 'us_key\n');
  vi.stubEnv('UNDERSTUDY_URL', '');
  expect(findBroker({})).toEqual({ baseUrl: 'http://127.0.0.1:8080', apiKey: 'us_key' });
  vi.stubEnv('UNDERSTUDY_URL', 'https://broker.example.com');
  expect(findBroker({ apiKey: 'us_other' })).toEqual({
    baseUrl: 'https://broker.example.com',
    apiKey: 'us_other',
  });
});

test.each(['', 'broker', 'ftp://broker.example.com', '127.0.0.1:8080'])(
  '%j is no URL of a broker, and an example of one is told',
  (baseUrl) => {
    expect(() => findBroker({ baseUrl, apiKey: 'us_key' })).toThrow(
      `baseUrl is ${JSON.stringify(baseUrl)}; give the URL of a broker, such as http`,
    );
  },
);

test('a key that no header can carry is refused without being shown', () => {
  for (const apiKey of ['us_secret key', 'us_secret\nkey', 'us_secretü']) {
    expect(() => findBroker({ apiKey })).toThrow('no header can carry');
    expect(() => findBroker({ apiKey })).not.toThrow('us_secret');
  }
});

test('a project that no header can carry is refused', () => {
  for (const project of ['', 'acme ltd', 'acme\n']) {
    expect(() => findBroker({ apiKey: 'us_key', project })).toThrow('give the name of one');
  }
  expect(findBroker({ apiKey: 'us_key', project: '*' })).toMatchObject({ project: '*' });
});
