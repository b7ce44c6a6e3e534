-- A call showed that the target serves: its cool-down ends, and the next one will be shorter.
-- KEYS  1 cool-downs of the provider  2 jobs that failed lately at the target
-- ARGV  1 provider  2 model ('*' for scope provider)  3 when the call started  4 channel  5 now
-- Returns 1 when a cool-down ended, else 0.
redis.call('DEL', KEYS[2])
local stored = redis.call('HGET', KEYS[1], ARGV[2])
if stored then
  local entry = cjson.decode(stored)
  -- A call from before the cool-down proves nothing about now.
  if entry.cooling and tonumber(ARGV[3]) >= entry.started_at then
    entry.cooling = false
    entry['until'] = tonumber(ARGV[5])
    entry.failures = math.floor(entry.failures / 2)
    entry.probes = {}
    -- Above all that views have heard, also where Redis has lost its last writes.
    entry.revision = math.max(entry.revision + 1, math.floor(tonumber(ARGV[5])))
    local text = cjson.encode(entry)
    redis.call('HSET', KEYS[1], ARGV[2], text)
    redis.call('PUBLISH', ARGV[4], '{"kind":"cooldown","cooldown":' .. text .. '}')
    return 1
  end
end
redis.call('PUBLISH', ARGV[4],
  cjson.encode({ kind = 'cleared', provider = ARGV[1], model = ARGV[2] }))
return 0
