-- At the end of a cool-down one call at a time may try.
-- KEYS  1 cool-downs of the provider
-- ARGV  1 model ('*' for scope provider)  2 now  3 holder  4 lease in milliseconds  5 channel
-- Returns 'open' | 'cooling' | 'busy' | 'probe'
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if not stored then
  return 'open'
end
local entry = cjson.decode(stored)
local now = tonumber(ARGV[2])
if not entry.cooling then
  return 'open'
end
if now < entry['until'] then
  return 'cooling'
end
for holder, lease in pairs(entry.probes) do
  if lease > now and holder ~= ARGV[3] then
    return 'busy'
  end
end
entry.probes = { [ARGV[3]] = now + tonumber(ARGV[4]) }
-- Above all that views have heard, also where Redis has lost its last writes.
entry.revision = math.max(entry.revision + 1, math.floor(now))
local text = cjson.encode(entry)
redis.call('HSET', KEYS[1], ARGV[1], text)
redis.call('PUBLISH', ARGV[5], '{"kind":"cooldown","cooldown":' .. text .. '}')
return 'probe'
