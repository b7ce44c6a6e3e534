-- Makes this the API key of the environment, in place of another one only where that may be.
-- KEYS  1 selector of the environment's key  2 record  3 selectors of all keys  4 last uses
--       5 selectors by id  6 selectors of the project's keys
-- ARGV  1 selector  2 record JSON  3 id  4 project  5 what record keys begin with  6 channel
--       7 '1' where another one gives way
-- Returns 1, or 0 where another one stands and stays
local selector = ARGV[1]
local earlier = redis.call('GET', KEYS[1])
if earlier and earlier ~= selector then
  -- One that was revoked meanwhile left its name only.
  if ARGV[7] ~= '1' and redis.call('EXISTS', ARGV[5] .. earlier) == 1 then
    return 0
  end
  redis.call('DEL', ARGV[5] .. earlier)
  redis.call('SREM', KEYS[3], earlier)
  redis.call('ZREM', KEYS[4], earlier)
  redis.call('SREM', KEYS[6], earlier)
  redis.call('PUBLISH', ARGV[6], ARGV[4])
end
redis.call('SET', KEYS[2], ARGV[2])
redis.call('SADD', KEYS[3], selector)
redis.call('ZADD', KEYS[4], 'NX', 0, selector)
redis.call('HSET', KEYS[5], ARGV[3], selector)
redis.call('SADD', KEYS[6], selector)
redis.call('SET', KEYS[1], selector)
return 1
