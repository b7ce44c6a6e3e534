-- A call failed in a way that may close its target for a while.
-- KEYS  1 cool-downs of the provider  2 jobs that failed lately at the target
-- ARGV  1 JSON {provider, scope, model, now, counted, job, callStartedAt, holder, delayMs, rule,
--               alert, windowMs, threshold, keptMs, lookedAt}
--       2 channel
-- Returns the cool-down as JSON, or '' while failures are only being counted.
local f = cjson.decode(ARGV[1])
local stored = redis.call('HGET', KEYS[1], f.model)
local entry = stored and cjson.decode(stored) or nil
local probe = entry and entry.probes[f.holder] ~= nil or false
if probe then
  entry.probes[f.holder] = nil
end

-- Callers may choose names freely where a provider takes any: with each new one some others are looked
-- at, drawn by lot, and those that nobody has called for long after they cooled go.
local function forgetPast()
  local some = redis.call('HRANDFIELD', KEYS[1], f.lookedAt, 'WITHVALUES')
  for index = 1, #some, 2 do
    local ended = cjson.decode(some[index + 1])['until'] or f.now
    if some[index] ~= '*' and ended + f.keptMs < f.now then
      redis.call('HDEL', KEYS[1], some[index])
    end
  end
end

local function save()
  -- Above all that views have heard, also where it was forgotten or Redis has lost its last writes:
  -- else they would take the message for a late one.
  entry.revision = math.max(entry.revision + 1, math.floor(f.now))
  local text = cjson.encode(entry)
  redis.call('HSET', KEYS[1], f.model, text)
  redis.call('PUBLISH', ARGV[2], '{"kind":"cooldown","cooldown":' .. text .. '}')
  return text
end

if entry and entry.cooling then
  -- Only a call made after the cool-down had ended says anything new.
  if not probe and f.callStartedAt < entry["until"] then
    return stored
  end
elseif f.counted then
  redis.call('ZADD', KEYS[2], f.now, f.job)
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. (f.now - f.windowMs))
  redis.call('PEXPIRE', KEYS[2], f.windowMs)
  if redis.call('ZCARD', KEYS[2]) < f.threshold then
    redis.call('PUBLISH', ARGV[2],
      cjson.encode({ kind = 'suspect', provider = f.provider, model = f.model }))
    return ''
  end
end

entry = {
  v = 1,
  provider = f.provider,
  scope = f.scope,
  model = f.model,
  cooling = true,
  started_at = f.now,
  ["until"] = math.floor(f.now + f.delayMs),
  failures = (entry and entry.failures or 0) + 1,
  streak = (entry and entry.cooling and (entry.streak or entry.failures) or 0) + 1,
  rule = f.rule,
  alert = f.alert,
  probes = {},
  revision = entry and entry.revision or 0,
}
redis.call('DEL', KEYS[2])
if not stored then
  forgetPast()
end
return save()
