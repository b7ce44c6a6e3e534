-- Erases a job that has ended: its record, request, attempts and result. What remembers its
-- idempotency key stays, and a mark that the rest of the erasure is still to be done.
-- KEYS  1 record  2 request body  3 attempts  4 result body  5 mark
-- ARGV  1 how long the mark is kept, in milliseconds
--       2 the newest form of a record that is known here: a later one is left as it is
-- Returns {'erased' | 'running' | 'missing'} | {'newer', version of the form}
local record = redis.call('HMGET', KEYS[1], 'st', 'line', 'file', 'v')
local status, line, file = record[1], record[2], record[3]
if not status then
  return { redis.call('EXISTS', KEYS[5]) == 1 and 'erased' or 'missing' }
end
if record[4] and tonumber(record[4]) > tonumber(ARGV[2]) then
  return { 'newer', record[4] }
end
-- What a batch's line came to is still to be written into the batch's file.
local isWanted = line == '1' and not file
if status == 'queued' or status == 'in_progress' or isWanted then
  return { 'running' }
end
redis.call('SET', KEYS[5], '1', 'PX', ARGV[1])
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
return { 'erased' }
