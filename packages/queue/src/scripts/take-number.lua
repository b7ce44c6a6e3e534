-- Gives a job its number among those of its priority in one queue, so that projects take turns, and
-- puts its entry there, as BullMQ's own script for entries with a priority writes it.
-- A lap is three numbers: for jobs that come back or rise, for those of a project that had none
-- waiting while others had, and for the rest. The lap of the first waiting entry is the virtual
-- time; from there on a project puts a fixed count of jobs into each lap. Positions count on for
-- ever; a number is a position less the base.
-- A share is how far a project has come, one for jobs that come and one for those that come back:
-- position, jobs in its lap, latest second of submission, and position and second where it began.
-- The marks of a project say from which position on its waiting jobs are of which second.
-- KEYS  1 BullMQ's waiting entries  2 shares of the priority  3 marks of the project
--       4 the entry  5 BullMQ's settings of the queue  6 its active entries  7 its counter of
--       priorities  8 its marker, which wakes workers; 4 to 8 only where an entry is to be put there
-- ARGV  1 first number of the priority  2 how many it has  3 positions in use of these
--       4 jobs of a project in a lap  5 project  6 second of submission  7 1 when it comes back
--       8 seconds that marks are kept  9 id of the entry  10 its data  11 now
-- Returns the number; 0 where the entry is there already: then nothing changes.
local SCORES_PER_NUMBER = 4294967296
local LAP = 3
local NEWCOMER, REST = 1, 2

local first, count, span = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local perLap, project, second = tonumber(ARGV[4]), ARGV[5], tonumber(ARGV[6])
local half = span / 2
local freshField, backField = 'f:' .. project, 'b:' .. project

local function whole(value)
  return string.format('%.0f', value)
end

local function readShare(text)
  if not text then return nil end
  local at, used, last, firstAt, firstSecond = string.match(text, '(%d+) (%d+) (%d+) (%d+) (%d+)')
  return { at = tonumber(at), used = tonumber(used), last = tonumber(last),
    firstAt = tonumber(firstAt), firstSecond = tonumber(firstSecond) }
end

local function shareText(share)
  return string.format('%.0f %.0f %.0f %.0f %.0f', share.at, share.used, share.last, share.firstAt,
    share.firstSecond)
end

local function newShare(at)
  return { at = at, used = 1, last = second, firstAt = at, firstSecond = second }
end

-- Where the next job of a share stands: in its lap while that has room for it, else laps later.
local function advance(share, side)
  if share.used >= perLap then
    local laps = math.floor(share.used / perLap)
    share.at = share.at - share.at % LAP + laps * LAP + side
    share.used = share.used - laps * perLap
  end
  share.used = share.used + 1
end

if KEYS[4] and redis.call('EXISTS', KEYS[4]) == 1 then
  return 0
end

local state = redis.call('HMGET', KEYS[2], 'base', 'top', 'moved', freshField, backField)
local base, top, moved = tonumber(state[1] or 0), tonumber(state[2] or 0), tonumber(state[3] or -1)
local fresh, back = readShare(state[4]), readShare(state[5])
local head = redis.call('ZRANGEBYSCORE', KEYS[1], whole(first * SCORES_PER_NUMBER),
  '(' .. whole((first + count) * SCORES_PER_NUMBER), 'WITHSCORES', 'LIMIT', 0, 1)

-- Where nobody waits, the lap is the last that was begun.
local lap = top
if #head > 0 then
  local offset = math.floor(tonumber(head[2]) / SCORES_PER_NUMBER) - first
  lap = base + offset
  if moved >= 0 and offset < half then lap = lap + half end
  lap = lap - lap % LAP
end

-- The first of the project's own waiting jobs that were submitted in this job's second or after.
local function firstLater()
  if not fresh or fresh.at < lap or fresh.last < second then return nil end
  if fresh.firstSecond >= second then return fresh.firstAt end
  local mark = redis.call('ZRANGEBYSCORE', KEYS[3], whole(second), '+inf', 'LIMIT', 0, 1)[1]
  return tonumber(mark or fresh.at)
end

local function takeFresh()
  if not fresh or fresh.at < lap then
    redis.call('DEL', KEYS[3])
    fresh = newShare(lap + (#head > 0 and NEWCOMER or REST))
  else
    advance(fresh, REST)
    if second > fresh.last then
      fresh.last = second
      local oldest = redis.call('ZRANGE', KEYS[3], 0, 0)[1]
      if oldest and tonumber(oldest) < lap then redis.call('ZPOPMIN', KEYS[3]) end
      redis.call('ZADD', KEYS[3], whole(second), whole(fresh.at))
      redis.call('EXPIRE', KEYS[3], ARGV[8])
    end
  end
  fresh.at = math.min(fresh.at, base + span - 1)
  return fresh.at
end

-- It goes before the project's later jobs, but no project gets more than a lap's count of these in
-- a lap either; and what it takes so is taken off the share of its later jobs.
local function takeBack(later)
  local start = math.max(lap, later - later % LAP)
  if not back or back.at < start then
    back = newShare(start)
  else
    advance(back, 0)
  end
  back.at = math.min(back.at, base + span - 1)
  redis.call('HSET', KEYS[2], backField, shareText(back))
  fresh.used = fresh.used + 1
  return back.at
end

local later = ARGV[7] == '1' and firstLater()
local position = later and takeBack(later) or takeFresh()
if position >= top + LAP then
  redis.call('HSET', KEYS[2], freshField, shareText(fresh), 'top', whole(position - position % LAP))
else
  redis.call('HSET', KEYS[2], freshField, shareText(fresh))
end
-- Entries up to `moved` have been given lower numbers already; this one goes among them.
if position <= moved then position = position - half end
local number = first + position - base
if not KEYS[4] then
  return number
end

-- Nothing of ours reads BullMQ's events, so none is written here.
redis.call('HSET', KEYS[4], 'name', 'turn', 'data', ARGV[10],
  'opts', cjson.encode({ priority = number, attempts = 0 }), 'timestamp', ARGV[11], 'delay', 0,
  'priority', number)
local added = redis.call('INCR', KEYS[7])
redis.call('ZADD', KEYS[1], whole(number * SCORES_PER_NUMBER + added % SCORES_PER_NUMBER), ARGV[9])
-- A full queue wakes nobody: whoever ends a turn fetches the next.
local settings = redis.call('HMGET', KEYS[5], 'paused', 'concurrency')
if not settings[1]
  and not (settings[2] and redis.call('LLEN', KEYS[6]) >= tonumber(settings[2])) then
  redis.call('ZADD', KEYS[8], 0, '0')
end
return number
