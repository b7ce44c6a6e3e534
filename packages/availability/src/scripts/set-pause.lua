-- An operator takes a provider out of service, or puts it back. Saying it again changes nothing but
-- the reason, where one is given.
-- KEYS  1 pause of the provider
-- ARGV  1 provider  2 1 to pause, 0 to resume  3 now  4 reason or ''  5 channel
-- Returns {1 when it changed from open to paused or back, else 0, the pause as JSON}
local stored = redis.call('GET', KEYS[1])
local pause = stored and cjson.decode(stored)
  or { v = 1, provider = ARGV[1], paused = false, since = tonumber(ARGV[3]), revision = 0 }
local wanted = ARGV[2] == '1'
local changed = pause.paused ~= wanted
if changed then
  pause.paused = wanted
  pause.since = tonumber(ARGV[3])
  pause.reason = nil
end
if wanted and ARGV[4] ~= '' then
  pause.reason = ARGV[4]
end
-- Above all that views have heard, also where Redis has lost its last writes.
pause.revision = math.max(pause.revision + 1, math.floor(tonumber(ARGV[3])))
local text = cjson.encode(pause)
redis.call('SET', KEYS[1], text)
redis.call('PUBLISH', ARGV[5], text)
return { changed and 1 or 0, text }
