-- Takes the lease of a batch, unless somebody else holds it.
-- KEYS  1 record
-- ARGV  1 holder  2 now  3 until
-- Returns {'missing'} | {'held'} | {'claimed', fence}
local held = redis.call('HMGET', KEYS[1], 'req', 'holder', 'until')
if not held[1] then
  return { 'missing' }
end
if held[2] and held[2] ~= ARGV[1] and tonumber(held[3]) > tonumber(ARGV[2]) then
  return { 'held' }
end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'until', ARGV[3])
return { 'claimed', redis.call('HINCRBY', KEYS[1], 'fence', 1) }
