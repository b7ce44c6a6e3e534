-- Prolongs a lease, or with `until` '' hands it back; what remains says until when it was held.
-- KEYS  1 record
-- ARGV  1 fence  2 until or ''
-- Returns 1, or 0 when somebody else has taken the batch over
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then
  return 0
end
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], 'holder')
else
  redis.call('HSET', KEYS[1], 'until', ARGV[2])
end
return 1
