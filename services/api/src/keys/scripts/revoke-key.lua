-- Takes an API key back and tells every process.
-- KEYS  1 selectors by id  2 selectors of all keys  3 last uses
-- ARGV  1 id  2 what record keys begin with  3 what the sets of projects' keys begin with  4 channel
-- Returns 1, or 0 when there was no such key
local selector = redis.call('HGET', KEYS[1], ARGV[1])
if not selector then
  return 0
end
local text = redis.call('GET', ARGV[2] .. selector)
redis.call('DEL', ARGV[2] .. selector)
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('SREM', KEYS[2], selector)
redis.call('ZREM', KEYS[3], selector)
if not text then
  return 0
end
local project = cjson.decode(text).project
redis.call('SREM', ARGV[3] .. project, selector)
redis.call('PUBLISH', ARGV[4], project)
return 1
