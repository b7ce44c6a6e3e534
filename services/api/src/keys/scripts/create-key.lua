-- Keeps a new API key, unless its project or its name has no room for it.
-- KEYS  1 record  2 selectors of all keys  3 last uses  4 selectors by id
--       5 selectors of the project's keys  6 projects  7 what the idempotency key made
-- ARGV  1 record JSON  2 selector  3 id  4 project  5 name or ''  6 now  7 most live keys of a name
--       8 most live keys of a project  9 what record keys begin with  10 keys that expired before
--       this are dropped  11 fingerprint of the request, '' without an idempotency key
--       12 how long that is remembered, in milliseconds
-- Returns {'made'} | {'no_project'} | {'repeated', fingerprint, id} | {'name_taken', id of the oldest}
--       | {'full'}
local project, name, now = ARGV[4], ARGV[5], tonumber(ARGV[6])
if ARGV[11] ~= '' then
  local made = redis.call('HMGET', KEYS[7], 'fp', 'id')
  if made[1] then
    return { 'repeated', made[1], made[2] }
  end
end
if project ~= 'default' and redis.call('HEXISTS', KEYS[6], project) == 0 then
  return { 'no_project' }
end

local live, named, oldest = 0, 0, nil
for _, selector in ipairs(redis.call('SMEMBERS', KEYS[5])) do
  local text = redis.call('GET', ARGV[9] .. selector)
  local key = text and cjson.decode(text)
  if key and (not key.expires_at or key.expires_at > now) then
    live = live + 1
    if name ~= '' and key.name == name then
      named = named + 1
      if not oldest or key.created_at < oldest.created_at then
        oldest = key
      end
    end
  elseif not key or key.expires_at < tonumber(ARGV[10]) then
    redis.call('DEL', ARGV[9] .. selector)
    redis.call('SREM', KEYS[5], selector)
    redis.call('SREM', KEYS[2], selector)
    redis.call('ZREM', KEYS[3], selector)
    if key then
      redis.call('HDEL', KEYS[4], key.id)
    end
  end
end
if named >= tonumber(ARGV[7]) then
  return { 'name_taken', oldest.id }
end
if live >= tonumber(ARGV[8]) then
  return { 'full' }
end

redis.call('SET', KEYS[1], ARGV[1])
redis.call('SADD', KEYS[2], ARGV[2])
redis.call('ZADD', KEYS[3], 0, ARGV[2])
redis.call('HSET', KEYS[4], ARGV[3], ARGV[2])
redis.call('SADD', KEYS[5], ARGV[2])
if ARGV[11] ~= '' then
  redis.call('HSET', KEYS[7], 'fp', ARGV[11], 'id', ARGV[3])
  redis.call('PEXPIRE', KEYS[7], ARGV[12])
end
return { 'made' }
