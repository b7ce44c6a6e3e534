-- The answers of batches' lines stand in a file from now on: their bytes leave Redis, and so do those
-- of the requests. The records stay for a while and say where the answers are; attempts that are no
-- fields of theirs stay as long.
-- KEYS  of each job: 1 record  2 request body  3 attempts  4 result body
-- ARGV  1 id of the file  2 how long the records are kept, in milliseconds
-- Returns for each job 1, or 0 when it has not ended or is no longer kept
local moved = {}
for i = 1, #KEYS, 4 do
  local known = redis.call('HMGET', KEYS[i], 'st', 'ver', 'n')
  local status, version = known[1], known[2]
  if not status or status == 'queued' or status == 'in_progress' then
    moved[#moved + 1] = 0
  else
    redis.call('HSET', KEYS[i], 'file', ARGV[1], 'ver', version + 1)
    redis.call('UNLINK', KEYS[i + 1], KEYS[i + 3])
    redis.call('PEXPIRE', KEYS[i], ARGV[2])
    if not known[3] then
      redis.call('PEXPIRE', KEYS[i + 2], ARGV[2])
    end
    moved[#moved + 1] = 1
  end
end
return moved
