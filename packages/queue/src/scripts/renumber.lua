-- Makes room at the end of a priority's numbers once its first waiting entry has passed the middle:
-- the waiting entries move down by half of them, first ones first, a page at a time. At every moment
-- they are in order, and new ones find their place among them. It ends with the second call that
-- finds nothing to move: by then a number that was taken before is in use.
-- KEYS  1 BullMQ's waiting entries  2 shares of the priority
-- ARGV  1 first number of the priority  2 how many it has  3 positions in use of these  4 page
-- Returns how many entries were moved; 0 when nothing is to be done now.
local SCORES_PER_NUMBER = 4294967296
local first, count, page = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
local half = tonumber(ARGV[3]) / 2

local function whole(value)
  return string.format('%.0f', value)
end

local function entriesFrom(number, limit)
  return redis.call('ZRANGEBYSCORE', KEYS[1], whole(number * SCORES_PER_NUMBER),
    '(' .. whole((first + count) * SCORES_PER_NUMBER), 'WITHSCORES', 'LIMIT', 0, limit)
end

local state = redis.call('HMGET', KEYS[2], 'base', 'top', 'moved', 'ended')
local base, top = tonumber(state[1] or 0), tonumber(state[2] or 0)
if not state[3] then
  local head = entriesFrom(first, 1)
  local offset = top - base
  if #head > 0 then
    offset = math.floor(tonumber(head[2]) / SCORES_PER_NUMBER) - first
  end
  if offset < half then
    return 0
  end
  redis.call('HSET', KEYS[2], 'moved', whole(base + half - 1))
end

local entries = entriesFrom(first + half, page)
if #entries == 0 then
  if state[4] then
    redis.call('HSET', KEYS[2], 'base', whole(base + half))
    redis.call('HDEL', KEYS[2], 'moved', 'ended')
  else
    redis.call('HSET', KEYS[2], 'ended', 1)
  end
  return 0
end
redis.call('HDEL', KEYS[2], 'ended')
for i = 1, #entries, 2 do
  redis.call('ZADD', KEYS[1], 'XX', whole(tonumber(entries[i + 1]) - half * SCORES_PER_NUMBER), entries[i])
end
-- Of the last number of a full page more may follow: a new entry of it goes behind those.
local moved = base + math.floor(tonumber(entries[#entries]) / SCORES_PER_NUMBER) - first
if #entries == 2 * page then
  moved = moved - 1
end
redis.call('HSET', KEYS[2], 'moved', whole(moved))
return #entries / 2
