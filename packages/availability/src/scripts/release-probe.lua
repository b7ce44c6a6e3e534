-- A probe ended without an answer (cancelled, aborted): its permit is free at once.
-- KEYS  1 cool-downs of the provider
-- ARGV  1 model ('*' for scope provider)  2 now  3 holder  4 channel
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if not stored then
  return 0
end
local entry = cjson.decode(stored)
if entry.probes[ARGV[3]] == nil then
  return 0
end
entry.probes[ARGV[3]] = nil
-- Above all that views have heard, also where Redis has lost its last writes.
entry.revision = math.max(entry.revision + 1, math.floor(tonumber(ARGV[2])))
local text = cjson.encode(entry)
redis.call('HSET', KEYS[1], ARGV[1], text)
redis.call('PUBLISH', ARGV[4], '{"kind":"cooldown","cooldown":' .. text .. '}')
return 1
