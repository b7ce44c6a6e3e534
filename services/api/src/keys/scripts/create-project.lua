-- Makes a project, once.
-- KEYS  1 projects  2 what the idempotency key made
-- ARGV  1 name  2 project JSON  3 fingerprint of the request, '' without an idempotency key
--       4 how long that is remembered, in milliseconds
-- Returns {'made'} | {'repeated', fingerprint, project JSON} | {'exists'}
if ARGV[3] ~= '' then
  local made = redis.call('HMGET', KEYS[2], 'fp', 'id')
  if made[1] then
    return { 'repeated', made[1], redis.call('HGET', KEYS[1], made[2]) or ARGV[2] }
  end
end
if ARGV[1] == 'default' or redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then
  return { 'exists' }
end
if ARGV[3] ~= '' then
  redis.call('HSET', KEYS[2], 'fp', ARGV[3], 'id', ARGV[1])
  redis.call('PEXPIRE', KEYS[2], ARGV[4])
end
return { 'made' }
