-- Asks a batch to stop. One that has ended, or is ending, stays as it is.
-- KEYS  1 record
-- ARGV  1 now
-- Returns 1 when it was asked now, 0 when there was nothing to ask
local status = redis.call('HGET', KEYS[1], 'st')
if status ~= 'validating' and status ~= 'in_progress' then
  return 0
end
redis.call('HSET', KEYS[1], 'st', 'cancelling', 'at_cancelling', ARGV[1])
redis.call('HINCRBY', KEYS[1], 'ver', 1)
return 1
