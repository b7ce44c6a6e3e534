-- Reads entries that wait at a priority, in the order of service. By rank, which Redis finds in a long
-- queue at once; to the offset of a ZRANGEBYSCORE it walks entry by entry.
-- KEYS  1 BullMQ's waiting entries
-- ARGV  1 first score of the priority  2 score at which it ends  3 how many are passed over
--       4 how many are read at most
-- Returns their ids
local first = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. ARGV[1])
local stop = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. ARGV[2])
local from = first + tonumber(ARGV[3])
local to = math.min(from + tonumber(ARGV[4]), stop) - 1
if to < from then
  return {}
end
return redis.call('ZRANGE', KEYS[1], from, to)
