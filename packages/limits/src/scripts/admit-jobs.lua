-- Keeps places for jobs that are about to be made, for as many of them as there is room for, in the
-- order they are named. A job that has its place takes no second one.
-- KEYS  1 spending of the day  2 the project's unfinished jobs  3 jobs admitted since, of the project
--       4 waiting jobs of the key  5 jobs admitted since, of the key
-- ARGV  1 now  2 most jobs of the project or ''  3 most jobs of the key or ''
--       4 most spending of the project in billionths or ''  5 that of the key or ''
--       6 field of the key's spending  7... job ids
-- Returns {how many were admitted, how many of them took a place, jobs of the project, jobs of the
--          key, spending of the project, spending of the key}, each as it was before
local now, admitted, taken = ARGV[1], 0, 0
local most_project, most_key = tonumber(ARGV[2]), tonumber(ARGV[3])
local used_project = redis.call('ZCARD', KEYS[2]) + redis.call('ZCARD', KEYS[3])
local used_key = redis.call('ZCARD', KEYS[4]) + redis.call('ZCARD', KEYS[5])
local spent_project = redis.call('HGET', KEYS[1], 'project') or '0'
local spent_key = redis.call('HGET', KEYS[1], ARGV[6]) or '0'
local before = { used_project, used_key }

local solvent = not (ARGV[4] ~= '' and tonumber(spent_project) >= tonumber(ARGV[4]))
  and not (ARGV[5] ~= '' and tonumber(spent_key) >= tonumber(ARGV[5]))
local function missing(limit, first, second, id)
  return limit and not redis.call('ZSCORE', first, id) and not redis.call('ZSCORE', second, id)
end
for i = 7, solvent and #ARGV or 6 do
  local id = ARGV[i]
  local for_project = missing(most_project, KEYS[2], KEYS[3], id)
  local for_key = missing(most_key, KEYS[4], KEYS[5], id)
  if (for_project and used_project >= most_project) or (for_key and used_key >= most_key) then
    break
  end
  if for_project then
    redis.call('ZADD', KEYS[3], now, id)
    used_project = used_project + 1
  end
  if for_key then
    redis.call('ZADD', KEYS[5], now, id)
    used_key = used_key + 1
  end
  if for_project or for_key then
    taken = taken + 1
  end
  admitted = admitted + 1
end
return { admitted, taken, before[1], before[2], spent_project, spent_key }
