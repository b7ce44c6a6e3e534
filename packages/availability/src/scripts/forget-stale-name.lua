-- A call showed that the provider knows the name after all.
-- KEYS  1 stale names of the provider
-- ARGV  1 provider  2 the provider's name for the model  3 channel
-- Returns 1 when the name was stale, else 0.
if redis.call('HDEL', KEYS[1], ARGV[2]) == 0 then
  return 0
end
redis.call('PUBLISH', ARGV[3], cjson.encode({ provider = ARGV[1], model = ARGV[2] }))
return 1
