-- Drops the events of a project that are older than an instant, and remembers the newest of them, so
-- that a listener who stands before it hears of the gap.
-- KEYS  1 event stream of the project  2 hash with `trimmed`, the id of the newest dropped event
-- ARGV  1 instant in ms: what is older goes
-- Returns how many events were dropped
local dropped = redis.call('XREVRANGE', KEYS[1], '(' .. ARGV[1] .. '-0', '-', 'COUNT', 1)
if #dropped == 0 then
  return 0
end
redis.call('HSET', KEYS[2], 'trimmed', dropped[1][1])
return redis.call('XTRIM', KEYS[1], 'MINID', '=', ARGV[1] .. '-0')
