-- Forgets a batch that has ended and of whose end everybody was told.
-- KEYS  1 record  2 tombstone of the idempotency key  3 batches of the project and surface
--       4... what else stands beside the record
-- ARGV  1 id  2 how long the idempotency key is remembered, in milliseconds
-- Returns 'removed', 'running' or 'missing'
local told = redis.call('HMGET', KEYS[1], 'req', 'told', 'fp')
if not told[1] then
  return 'missing'
end
if told[2] ~= '1' then
  return 'running'
end
if told[3] then
  redis.call('SET', KEYS[2], told[3], 'PX', ARGV[2])
end
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('UNLINK', KEYS[1])
for i = 4, #KEYS do
  redis.call('UNLINK', KEYS[i])
end
return 'removed'
