-- Creates a job, once.
-- KEYS  1 record  2 request body  3 attempts  4 due times of the shard  5 outbox of the shard
--       6 tombstone of the idempotency key
-- ARGV  1 request JSON  2 progress JSON  3 body bytes  4 expires at  5 due at  6 member for due
--       7 project  8 id  9 idempotency fingerprint or ''  10 1 of a batch's line, else ''
--       11 id of the API key or ''  12 1 of a job whose payload is not to be stored, else ''
--       13 tally of the attempts or ''  14 version of the record's form, '' for 1: of a later one
--       the attempts are fields of the record
--       15 what is told of the job, as JSON, or ''
--       16... attempts (skips made while planning)
-- Returns {1} when created, {0, request JSON, version of the form} when the id was taken,
-- {2, fingerprint} when it was taken by a job that is no longer kept.
if redis.call('EXISTS', KEYS[1], KEYS[6]) > 0 then
  local taken = redis.call('HMGET', KEYS[1], 'req', 'v')
  if taken[1] then
    return { 0, taken[1], taken[2] or '1' }
  end
  return { 2, redis.call('GET', KEYS[6]) }
end
local fields = { 'req', ARGV[1], 'prog', ARGV[2], 'st', 'queued', 'ver', '1',
  'turn', '1', 'tok', '0', 'starts', '0', 'exp', ARGV[4] }
local optional = {
  fp = ARGV[9], line = ARGV[10], key = ARGV[11], unstored = ARGV[12], v = ARGV[14],
}
local function set(name, value)
  fields[#fields + 1] = name
  fields[#fields + 1] = value
end
for name, value in pairs(optional) do
  if value ~= '' then
    set(name, value)
  end
end
if ARGV[14] == '' then
  for i = 16, #ARGV do
    redis.call('RPUSH', KEYS[3], ARGV[i])
  end
else
  set('n', #ARGV - 15)
  for i = 16, #ARGV do
    set('a' .. i - 15, ARGV[i])
  end
end
redis.call('HSET', KEYS[1], unpack(fields))
redis.call('SET', KEYS[2], ARGV[3])
redis.call('ZADD', KEYS[4], ARGV[5], ARGV[6])
local told = { 'p', ARGV[7], 'j', ARGV[8], 'v', '1', 's', 'queued' }
for name, value in pairs({ k = ARGV[11], a = ARGV[13], o = ARGV[15] }) do
  if value ~= '' then
    told[#told + 1] = name
    told[#told + 1] = value
  end
end
redis.call('XADD', KEYS[5], '*', unpack(told))
return { 1 }
