import { expect, test } from 'vitest';
import { parseRedisLocation } from './redis-location.ts';

test('an ordinary URL is left to the client', () => {
  const url = 'rediss://user:p%40ss@redis.example:6380/2';
  expect(parseRedisLocation(url)).toEqual({ kind: 'address', url });
});

test.each([
  'redis://',
  'redis://localhost',
  'redis://:p@ss@host:6379/0',
  'rediss://[::1]:6380/?family=6',
])('%s is an ordinary URL', (url) => {
  expect(parseRedisLocation(url)).toEqual({ kind: 'address', url });
});

test.each([
  'secret',
  'http://:secret@127.0.0.1:6379',
  'redis://:sec/secret@host:6379',
  'redis://:secret@host/db',
  '127.0.0.1:6379/secret',
])('%s is refused with the form that is wanted, and shows nothing of itself', (url) => {
  expect(() => parseRedisLocation(url)).toThrow(/redis:\/\/\[user:password@\]host:port/);
  expect(() => parseRedisLocation(url)).not.toThrow(/secret/);
});

test('a sentinel URL names the sentinels and the master they watch', () => {
  expect(parseRedisLocation('redis+sentinel://a:26380,b/mymaster')).toEqual({
    kind: 'sentinels',
    options: {
      name: 'mymaster',
      sentinels: [
        { host: 'a', port: 26_380 },
        { host: 'b', port: 26_379 },
      ],
    },
  });
});

test('user, password, database and TLS are those of Redis itself', () => {
  expect(parseRedisLocation('rediss+sentinel://me:p%40ss@a:1/m/3')).toMatchObject({
    options: {
      username: 'me',
      password: 'p@ss',
      db: 3,
      tls: {},
      enableTLSForSentinelMode: true,
    },
  });
});

test('a sentinel URL without a master says how to write one, and shows no password', () => {
  expect(() => parseRedisLocation('redis+sentinel://:secret@a:1')).toThrow(/host:port\/master/);
  expect(() => parseRedisLocation('redis+sentinel://:secret@a:1')).not.toThrow(/secret/);
});

test('a cluster URL names some of the servers', () => {
  expect(parseRedisLocation('redis+cluster://a:7000,b,[::1]:7002')).toEqual({
    kind: 'cluster',
    nodes: [
      { host: 'a', port: 7000 },
      { host: 'b', port: 6379 },
      { host: '::1', port: 7002 },
    ],
    access: {},
  });
  expect(parseRedisLocation('rediss+cluster://me:p%40ss@a:1/')).toMatchObject({
    nodes: [{ host: 'a', port: 1 }],
    access: { username: 'me', password: 'p@ss', tls: {} },
  });
});

test('a cluster URL with a database, or without a server, says how to write one and shows no password', () => {
  for (const url of ['redis+cluster://:secret@a:1/2', 'redis+cluster://', 'redis+cluster://,']) {
    expect(() => parseRedisLocation(url)).toThrow(/host:port,host:port/);
    expect(() => parseRedisLocation(url)).not.toThrow(/secret/);
  }
});
