-- Ends a turn and decides on the next one in the same step, so that nothing that became due
-- meanwhile is left behind.
-- KEYS  1 state  2 due times
-- ARGV  1 turn  2 ms after which the state of an idle endpoint is forgotten
-- Returns {turn, at}, or {0, 0} when nothing is pending or another turn has taken over
local state = redis.call('HMGET', KEYS[1], 'turn', 'running', 'rest')
if state[1] ~= ARGV[1] or state[2] ~= '1' then
  return { 0, 0 }
end
redis.call('HDEL', KEYS[1], 'running', 'at')
local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
if not first[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return { 0, 0 }
end
local at = math.max(tonumber(first[2]), tonumber(state[3] or 0))
redis.call('HSET', KEYS[1], 'at', string.format('%d', at))
return { redis.call('HINCRBY', KEYS[1], 'turn', 1), at }
