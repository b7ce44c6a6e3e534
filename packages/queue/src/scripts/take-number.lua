-- Gives jobs of a project their numbers among those of their priority in one queue, so that projects
-- take turns, and puts their entries there, as BullMQ's own script for entries with a priority writes
-- them. What comes of many jobs is what as many scripts of one job each would make.
-- A lap is three numbers: for jobs that come back or rise, for those of a project that had none
-- waiting while others had, and for the rest. The lap of the first waiting entry is the virtual
-- time; from there on a project puts a fixed count of jobs into each lap. Positions count on for
-- ever; a number is a position less the base.
-- A share is how far a project has come, one for jobs that come and one for those that come back:
-- position, jobs in its lap, latest second of submission, and position and second where it began.
-- The marks of a project say from which position on its waiting jobs are of which second.
-- KEYS  1 BullMQ's waiting entries  2 shares of the priority  3 marks of the project
--       only where entries are to be put there: 4 BullMQ's settings of the queue  5 its active
--       entries  6 its counter of priorities  7 its marker, which wakes workers  8... the entries
-- ARGV  1 first number of the priority  2 how many it has  3 positions in use of these
--       4 jobs of a project in a lap  5 project  6 1 when they come back  7 seconds that marks are kept
--       8 now, or '' where numbers are all that is wanted  9... of each job its second of submission,
--       and with an entry its id and its data
-- Returns the number of each; 0 for an entry that is there already: nothing changes by it.
local SCORES_PER_NUMBER = 4294967296
local LAP = 3
local NEWCOMER, REST = 1, 2

local first, count, span = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local perLap, project, comeBack = tonumber(ARGV[4]), ARGV[5], ARGV[6] == '1'
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

local function newShare(at, second)
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

local state = redis.call('HMGET', KEYS[2], 'base', 'top', 'moved', freshField, backField)
local base, top, moved = tonumber(state[1] or 0), tonumber(state[2] or 0), tonumber(state[3] or -1)
local fresh, back = readShare(state[4]), readShare(state[5])
local waiting = redis.call('ZRANGEBYSCORE', KEYS[1], whole(first * SCORES_PER_NUMBER),
  '(' .. whole((first + count) * SCORES_PER_NUMBER), 'WITHSCORES', 'LIMIT', 0, 1)
local head = waiting[2] and math.floor(tonumber(waiting[2]) / SCORES_PER_NUMBER)

-- Where nobody waits, the lap is the last that was begun.
local function currentLap()
  if not head then return top end
  local offset = head - first
  local lap = base + offset
  if moved >= 0 and offset < half then lap = lap + half end
  return lap - lap % LAP
end

-- The first of the project's own waiting jobs that were submitted in this job's second or after.
local function firstLater(lap, second)
  if not fresh or fresh.at < lap or fresh.last < second then return nil end
  if fresh.firstSecond >= second then return fresh.firstAt end
  local mark = redis.call('ZRANGEBYSCORE', KEYS[3], whole(second), '+inf', 'LIMIT', 0, 1)[1]
  return tonumber(mark or fresh.at)
end

local function takeFresh(lap, second)
  if not fresh or fresh.at < lap then
    redis.call('DEL', KEYS[3])
    fresh = newShare(lap + (head and NEWCOMER or REST), second)
  else
    advance(fresh, REST)
    if second > fresh.last then
      fresh.last = second
      local oldest = redis.call('ZRANGE', KEYS[3], 0, 0)[1]
      if oldest and tonumber(oldest) < lap then redis.call('ZPOPMIN', KEYS[3]) end
      redis.call('ZADD', KEYS[3], whole(second), whole(fresh.at))
      redis.call('EXPIRE', KEYS[3], ARGV[7])
    end
  end
  fresh.at = math.min(fresh.at, base + span - 1)
  return fresh.at
end

-- It goes before the project's later jobs, but no project gets more than a lap's count of these in
-- a lap either; and what it takes so is taken off the share of its later jobs.
local function takeBack(lap, second, later)
  local start = math.max(lap, later - later % LAP)
  if not back or back.at < start then
    back = newShare(start, second)
  else
    advance(back, 0)
  end
  back.at = math.min(back.at, base + span - 1)
  fresh.used = fresh.used + 1
  return back.at
end

local topBefore = top
local function takeNumber(second)
  local lap = currentLap()
  local later = comeBack and firstLater(lap, second)
  local position = later and takeBack(lap, second, later) or takeFresh(lap, second)
  if position >= top + LAP then top = position - position % LAP end
  -- Entries up to `moved` have been given lower numbers already; this one goes among them.
  if position <= moved then position = position - half end
  return first + position - base
end

local function enter(key, id, data, number)
  local priority = whole(number)
  -- Nothing of ours reads BullMQ's events, so none is written here.
  redis.call('HSET', key, 'name', 'turn', 'data', data,
    'opts', '{"priority":' .. priority .. ',"attempts":0}', 'timestamp', ARGV[8], 'delay', '0',
    'priority', priority)
  local added = redis.call('INCR', KEYS[6])
  redis.call('ZADD', KEYS[1], whole(number * SCORES_PER_NUMBER + added % SCORES_PER_NUMBER), id)
  if not head or number < head then head = number end
end

local numbers, taken = {}, 0
if ARGV[8] == '' then
  for i = 9, #ARGV do
    numbers[#numbers + 1] = takeNumber(tonumber(ARGV[i]))
  end
  taken = #numbers
else
  for i = 9, #ARGV, 3 do
    local key = KEYS[8 + (i - 9) / 3]
    local number = 0
    if redis.call('EXISTS', key) == 0 then
      number = takeNumber(tonumber(ARGV[i]))
      enter(key, ARGV[i + 1], ARGV[i + 2], number)
      taken = taken + 1
    end
    numbers[#numbers + 1] = number
  end
end
if taken == 0 then
  return numbers
end

local fields = { freshField, shareText(fresh) }
if comeBack and back then
  fields[#fields + 1] = backField
  fields[#fields + 1] = shareText(back)
end
if top > topBefore then
  fields[#fields + 1] = 'top'
  fields[#fields + 1] = whole(top)
end
redis.call('HSET', KEYS[2], unpack(fields))
if ARGV[8] ~= '' then
  -- A full queue wakes nobody: whoever ends a turn fetches the next.
  local settings = redis.call('HMGET', KEYS[4], 'paused', 'concurrency')
  if not settings[1]
    and not (settings[2] and redis.call('LLEN', KEYS[5]) >= tonumber(settings[2])) then
    redis.call('ZADD', KEYS[7], '0', '0')
  end
end
return numbers
