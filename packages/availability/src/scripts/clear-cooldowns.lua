-- An operator ends cool-downs before their time; the next ones begin as short as the first.
-- KEYS  1 cool-downs of the provider
-- ARGV  1 model ('*' for scope provider), or '' for all of them  2 now  3 channel
-- Returns the cool-downs that were ended, as JSON, as they are now.
local models = ARGV[1] == '' and redis.call('HKEYS', KEYS[1]) or { ARGV[1] }
local ended = {}
for _, model in ipairs(models) do
  local stored = redis.call('HGET', KEYS[1], model)
  local entry = stored and cjson.decode(stored)
  if entry and entry.cooling then
    entry.cooling = false
    entry.cleared = true
    entry['until'] = tonumber(ARGV[2])
    entry.failures = 0
    entry.probes = {}
    -- Above all that views have heard, also where Redis has lost its last writes.
    entry.revision = math.max(entry.revision + 1, math.floor(tonumber(ARGV[2])))
    local text = cjson.encode(entry)
    redis.call('HSET', KEYS[1], model, text)
    redis.call('PUBLISH', ARGV[3], '{"kind":"cooldown","cooldown":' .. text .. '}')
    ended[#ended + 1] = text
  end
end
return ended
