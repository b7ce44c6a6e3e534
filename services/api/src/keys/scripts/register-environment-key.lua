-- Makes this the API key of the environment, in place of another one only where that may be.
-- KEYS  1 selector of the environment's key  2 record  3 selectors of all keys  4 last uses
--       5 selectors by id  6 selectors of the project's keys
-- ARGV  1 selector  2 record JSON  3 id  4 project  5 what record keys begin with  6 channel
--       7 '1' at a process's first registration, before which any other gives way. Later only one that
--       was registered no later than the record says of this one
-- Returns the instant of registration that the record has now, or 0 where another one stands and stays
local selector = ARGV[1]
local record = cjson.decode(ARGV[2])
local earlier = redis.call('GET', KEYS[1])
-- One that was revoked meanwhile left its name only.
local known = earlier and redis.call('GET', ARGV[5] .. earlier)
local since = known and tonumber(cjson.decode(known).created_at) or 0
if ARGV[7] == '1' then
  -- Later than what it comes after, whatever a clock said then.
  record.created_at = math.max(record.created_at, since + 1)
elseif earlier == selector then
  record.created_at = math.max(record.created_at, since)
elseif since > record.created_at then
  return 0
end
if earlier and earlier ~= selector then
  redis.call('DEL', ARGV[5] .. earlier)
  redis.call('SREM', KEYS[3], earlier)
  redis.call('ZREM', KEYS[4], earlier)
  redis.call('SREM', KEYS[6], earlier)
  redis.call('PUBLISH', ARGV[6], ARGV[4])
end
redis.call('SET', KEYS[2], cjson.encode(record))
redis.call('SADD', KEYS[3], selector)
redis.call('ZADD', KEYS[4], 'NX', 0, selector)
redis.call('HSET', KEYS[5], ARGV[3], selector)
redis.call('SADD', KEYS[6], selector)
redis.call('SET', KEYS[1], selector)
return record.created_at
