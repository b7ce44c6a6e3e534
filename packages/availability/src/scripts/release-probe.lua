-- A probe ended without an answer (cancelled, aborted): its permit is free at once.
-- KEYS  1 cool-downs of the provider
-- ARGV  1 model ('*' for scope provider)  2 holder  3 channel
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if not stored then
  return 0
end
local entry = cjson.decode(stored)
if entry.probes[ARGV[2]] == nil then
  return 0
end
entry.probes[ARGV[2]] = nil
entry.revision = entry.revision + 1
local text = cjson.encode(entry)
redis.call('HSET', KEYS[1], ARGV[1], text)
redis.call('PUBLISH', ARGV[3], '{"kind":"cooldown","cooldown":' .. text .. '}')
return 1
