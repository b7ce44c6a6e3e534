-- All lines have ended and are written: from now on the result files are put in order.
-- KEYS  1 record  2 ended lines
-- ARGV  1 fence  2 now
-- Returns 1 when finalizing has begun; 0 when it had not to, or somebody else has taken over
local known = redis.call('HMGET', KEYS[1], 'fence', 'st', 'total', 'completed', 'failed',
  'cancelled', 'expired')
if known[1] ~= ARGV[1] or known[2] ~= 'in_progress' or redis.call('ZCARD', KEYS[2]) > 0 then
  return 0
end
local done = 0
for i = 4, 7 do
  done = done + tonumber(known[i] or 0)
end
if done ~= tonumber(known[3]) then
  return 0
end
local goal = tonumber(known[7] or 0) > 0 and 'expired' or 'completed'
redis.call('HSET', KEYS[1], 'st', 'finalizing', 'at_finalizing', ARGV[2], 'goal', goal)
redis.call('HINCRBY', KEYS[1], 'ver', 1)
return 1
