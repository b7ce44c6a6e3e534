-- Makes a delivery pending again, due now, with its whole schedule before it.
-- KEYS  1 delivery  2 its log  3 due times  4 pending by the time they were opened  5 dead
--       6 endpoint  7 delivered
-- ARGV  1 id  2 now
-- Returns 1, or 0 when the delivery or its endpoint is gone
local delivery = redis.call('HMGET', KEYS[1], 'st', 'lease')
if not delivery[1] or redis.call('EXISTS', KEYS[6]) == 0 then
  return 0
end
-- One that is under way is as early as it can be.
if delivery[1] == 'pending' and tonumber(delivery[2] or 0) > tonumber(ARGV[2]) then
  return 1
end
if delivery[1] ~= 'pending' then
  redis.call('HSET', KEYS[1], 'st', 'pending', 'tries', 0, 'opened', ARGV[2])
  redis.call('HDEL', KEYS[1], 'reason', 'settled', 'lease')
  redis.call('PERSIST', KEYS[1])
  redis.call('PERSIST', KEYS[2])
  redis.call('ZREM', KEYS[5], ARGV[1])
  redis.call('ZREM', KEYS[7], ARGV[1])
  redis.call('ZADD', KEYS[4], ARGV[2], ARGV[1])
end
redis.call('HDEL', KEYS[1], 'unread')
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1])
return 1
