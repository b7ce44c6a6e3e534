-- Creates a batch, once.
-- KEYS  1 record  2 tombstone of the idempotency key  3 batches of the project and surface
-- ARGV  1 request JSON  2 id  3 created at  4 idempotency fingerprint or ''
-- Returns {1} when created, {0} when the id was taken, {2, fingerprint} when it was taken by a
-- batch that is no longer kept.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return { 0 }
end
local buried = redis.call('GET', KEYS[2])
if buried then
  return { 2, buried }
end
redis.call('HSET', KEYS[1], 'req', ARGV[1], 'st', 'validating', 'ver', 1)
if ARGV[4] ~= '' then
  redis.call('HSET', KEYS[1], 'fp', ARGV[4])
end
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[2])
return { 1 }
