-- A provider answered that it knows no model by this name.
-- KEYS  1 stale names of the provider
-- ARGV  1 JSON {provider, now, callStartedAt, rule, firstMs, longestMs, keptMs, most}
--       2 the provider's name for the model, which need not be valid JSON text  3 channel
-- Returns the entry as JSON.
local report = cjson.decode(ARGV[1])
local model = ARGV[2]
local stored = redis.call('HGET', KEYS[1], model)
local entry = stored and cjson.decode(stored) or nil

-- Callers may choose names freely where a provider takes any: what nobody asks for any more goes,
-- and so does whatever ends first once there are too many.
local function makeRoom()
  local texts = redis.call('HGETALL', KEYS[1])
  local count, first, firstEnd = 0, nil, math.huge
  for index = 1, #texts, 2 do
    local ended = cjson.decode(texts[index + 1])['until']
    if ended + report.keptMs < report.now then
      redis.call('HDEL', KEYS[1], texts[index])
    else
      count = count + 1
      if ended < firstEnd then
        first, firstEnd = texts[index], ended
      end
    end
  end
  if count >= report.most then
    redis.call('HDEL', KEYS[1], first)
  end
end

if entry and entry['until'] + report.keptMs < report.now then
  entry = nil
end
if not entry then
  makeRoom()
  entry = {
    v = 1,
    provider = report.provider,
    model = model,
    since = report.now,
    ['until'] = 0,
    failures = 1,
  }
elseif report.callStartedAt >= entry['until'] then
  -- Only a call made after the rest was over says that it was too short.
  entry.failures = entry.failures + 1
end
local restMs = math.min(report.firstMs * 2 ^ (entry.failures - 1), report.longestMs)
entry['until'] = math.max(entry['until'], math.floor(report.now + restMs))
entry.rule = report.rule

local text = cjson.encode(entry)
redis.call('HSET', KEYS[1], model, text)
redis.call('PEXPIRE', KEYS[1], report.longestMs + report.keptMs)
redis.call('PUBLISH', ARGV[3], cjson.encode({
  provider = report.provider, model = model, stale = entry,
}))
return text
