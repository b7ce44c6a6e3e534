-- Ids of a project's files that follow one of them.
-- KEYS  1 the project's files by creation  2 place of that one, should it have been removed
-- ARGV  1 id of that one or ''  2 'asc' or 'desc'  3 how many
-- Returns the ids, or nil when that one never was, or was removed long ago.
local descending = ARGV[2] == 'desc'
local start = 0
if ARGV[1] ~= '' then
  local rank = redis.call(descending and 'ZREVRANK' or 'ZRANK', KEYS[1], ARGV[1])
  if rank then
    start = rank + 1
  else
    local created = redis.call('GET', KEYS[2])
    if not created then
      return false
    end
    if descending then
      start = redis.call('ZCOUNT', KEYS[1], '(' .. created, '+inf')
    else
      start = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. created)
    end
  end
end
local stop = start + ARGV[3] - 1
return redis.call(descending and 'ZREVRANGE' or 'ZRANGE', KEYS[1], start, stop)
