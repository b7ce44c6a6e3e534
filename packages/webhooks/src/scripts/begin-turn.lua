-- A deliverer takes up a turn; taking up the same one again is allowed: its process died.
-- KEYS  1 state
-- ARGV  1 turn  2 now
-- Returns {1, 0, 0}, or of a stale turn {0, turn, at} naming the one that waits, if any
local state = redis.call('HMGET', KEYS[1], 'turn', 'at', 'running')
if state[1] == ARGV[1] then
  redis.call('HSET', KEYS[1], 'running', 1, 'alive', ARGV[2])
  return { 1, 0, 0 }
end
if not state[1] or not state[2] or state[3] == '1' then
  return { 0, 0, 0 }
end
return { 0, tonumber(state[1]), tonumber(state[2]) }
