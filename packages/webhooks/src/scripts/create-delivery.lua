-- Makes a delivery pending, once. The one that is there already stays as it is.
-- KEYS  1 delivery  2 due times  3 pending by the time they were opened  4 endpoint
-- ARGV  1 order JSON  2 id  3 now  4 due at  5 JSON of an implicit endpoint, or ''
--       6 ms after which an implicit endpoint is forgotten
-- Returns 1 when it was made, else 0
if ARGV[5] ~= '' then
  if redis.call('HSETNX', KEYS[4], 'json', ARGV[5]) == 1 then
    redis.call('HSET', KEYS[4], 'st', 'enabled', 'ver', 1)
  end
  -- One that answered 410 is forgotten some time after it did, others after their last use.
  if redis.call('HGET', KEYS[4], 'st') == 'enabled' then
    redis.call('PEXPIRE', KEYS[4], ARGV[6])
  end
end
if redis.call('HSETNX', KEYS[1], 'order', ARGV[1]) == 0 then
  return 0
end
redis.call('HSET', KEYS[1], 'st', 'pending', 'token', 0, 'tries', 0, 'log', 0, 'created', ARGV[3],
  'opened', ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[2])
return 1
