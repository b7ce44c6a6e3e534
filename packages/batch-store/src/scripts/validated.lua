-- Says what validation came to: lines to run, or problems. A batch that was cancelled meanwhile
-- stays so.
-- KEYS  1 record
-- ARGV  1 fence  2 now  3 lines in all  4 problems JSON or ''
-- Returns 1, or 0 when somebody else has taken the batch over
local known = redis.call('HMGET', KEYS[1], 'fence', 'st')
if known[1] ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'total', ARGV[3])
if ARGV[4] ~= '' then
  redis.call('HSET', KEYS[1], 'problems', ARGV[4])
elseif known[2] == 'validating' then
  redis.call('HSET', KEYS[1], 'st', 'in_progress', 'at_in_progress', ARGV[2])
  redis.call('HINCRBY', KEYS[1], 'ver', 1)
end
return 1
