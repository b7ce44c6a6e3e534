-- Moves the due times of jobs that are still due, or forgets them. Who has changed a job since it was
-- found due has said anew when to look at it.
-- KEYS  1 due times
-- ARGV  of each job: member for due  the time at which it was found due  the next, '' to forget it
local moved, forgotten = {}, {}
for i = 1, #ARGV, 3 do
  local due = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if due and tonumber(due) <= tonumber(ARGV[i + 1]) then
    if ARGV[i + 2] == '' then
      forgotten[#forgotten + 1] = ARGV[i]
    else
      moved[#moved + 1] = ARGV[i + 2]
      moved[#moved + 1] = ARGV[i]
    end
  end
end
if #moved > 0 then
  redis.call('ZADD', KEYS[1], unpack(moved))
end
if #forgotten > 0 then
  redis.call('ZREM', KEYS[1], unpack(forgotten))
end
return 1
