-- Ends turns that were served and takes the next ones. The queue is left as BullMQ's moveToFinished
-- and moveToActive leave one whose entries have a priority and go when they are done, but for what
-- nobody here reads: events, and counts of a finished entry. It is for queues without a rate limit.
-- KEYS  1 active entries  2 waiting entries  3 BullMQ's settings of the queue  4 its active entries
--       that may have stalled  5 its marker, which wakes workers  6 its counter of priorities
--       7 entries that rest  8 entries that wait without a priority, as stalled ones do
-- ARGV  1 what the keys of entries begin with  2 now  3 milliseconds for which a lock holds
--       4... of each worker's turn: token of its lock  id of the entry that ends, or ''  1 to take
--       a next entry under the same token, else ''
-- Returns {1 where entries are there that only BullMQ's own script takes, else 0,
--          of each turn 1, or 0 where its lock is lost: nothing of it was changed,
--          of each entry taken, for those turns in order that want one: {id, data, starts so far}}
local prefix, now, lockMs = ARGV[1], ARGV[2], ARGV[3]

local held, ended, gone, tokens = {}, {}, {}, {}
for i = 4, #ARGV, 3 do
  local token, id, holds = ARGV[i], ARGV[i + 1], true
  if id ~= '' then
    local lock = prefix .. id .. ':lock'
    holds = redis.call('GET', lock) == token
    if holds then
      ended[#ended + 1] = id
      gone[#gone + 1] = lock
      gone[#gone + 1] = prefix .. id
      redis.call('LREM', KEYS[1], -1, id)
    end
  end
  if holds and ARGV[i + 2] == '1' then
    tokens[#tokens + 1] = token
  end
  held[#held + 1] = holds and 1 or 0
end
if #ended > 0 then
  redis.call('DEL', unpack(gone))
  redis.call('SREM', KEYS[4], unpack(ended))
end

if #tokens == 0 then
  return { 0, held, {} }
end
if redis.call('EXISTS', KEYS[7], KEYS[8]) > 0 then
  return { 1, held, {} }
end
local settings = redis.call('HMGET', KEYS[3], 'paused', 'concurrency')
if settings[1] then
  return { 0, held, {} }
end
local room = settings[2] and tonumber(settings[2]) - redis.call('LLEN', KEYS[1]) or math.huge
if room <= 0 then
  return { 0, held, {} }
end
local first = redis.call('ZPOPMIN', KEYS[2], math.min(room, #tokens))
if #first == 0 then
  redis.call('DEL', KEYS[6])
  return { 0, held, {} }
end
local ids, taken = {}, {}
for i = 1, #first, 2 do
  local id, key = first[i], prefix .. first[i]
  ids[#ids + 1] = id
  redis.call('SET', key .. ':lock', tokens[#ids], 'PX', lockMs)
  local entry = redis.call('HMGET', key, 'data', 'ats')
  local starts = (entry[2] or 0) + 1
  redis.call('HSET', key, 'processedOn', now, 'ats', starts)
  taken[#taken + 1] = { id, entry[1] or '', starts }
end
redis.call('LPUSH', KEYS[1], unpack(ids))
-- A full queue wakes nobody: whoever ends a turn takes the next.
if room > #ids and redis.call('EXISTS', KEYS[2]) == 1 then
  redis.call('ZADD', KEYS[5], '0', '0')
end
return { 0, held, taken }
