/** `redis+sentinel://[user:password@]host:port[,host:port…]/master[/db]` */
const SENTINEL_URL =
  /^(?<scheme>rediss?)\+sentinel:\/\/(?:(?<user>[^:@/]*):(?<password>[^@/]*)@)?(?<hosts>[^/]+)\/(?<name>[^/?]+)(?:\/(?<db>\d+))?$/;
const SENTINEL_PORT = 26_379;

/** The connection options of ioredis that find a master by its sentinels. */
interface SentinelOptions {
  name: string;
  sentinels: { host: string; port: number }[];
  username?: string;
  password?: string;
  db?: number;
  tls?: object;
}

/** Where a Redis is: at one address, or wherever its sentinels say. */
export type RedisLocation =
  | { kind: 'address'; url: string }
  | { kind: 'sentinels'; options: SentinelOptions };

/**
 * Reads a Redis URL. User and password are those of Redis itself; `rediss+sentinel` speaks TLS to
 * Redis.
 * @throws Error for a sentinel URL of another form
 */
export function parseRedisLocation(url: string): RedisLocation {
  if (!/^rediss?\+sentinel:/.test(url)) return { kind: 'address', url };
  const parts = SENTINEL_URL.exec(url)?.groups;
  if (parts === undefined) {
    throw new Error(
      'REDIS_URL is no sentinel URL; write redis+sentinel://[user:password@]host:port,host:port/master',
    );
  }
  const { scheme, user, password, hosts = '', name = '', db } = parts;
  return {
    kind: 'sentinels',
    options: {
      name,
      sentinels: hosts.split(',').map((address) => {
        const [host = '', port] = address.split(':');
        return { host, port: port === undefined ? SENTINEL_PORT : Number(port) };
      }),
      ...(user ? { username: decodeURIComponent(user) } : {}),
      ...(password ? { password: decodeURIComponent(password) } : {}),
      ...(db === undefined ? {} : { db: Number(db) }),
      ...(scheme === 'rediss' ? { tls: {} } : {}),
    },
  };
}
