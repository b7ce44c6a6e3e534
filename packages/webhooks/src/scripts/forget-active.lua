-- Takes an endpoint out of the set of active ones, unless it was named again meanwhile.
-- KEYS  1 active endpoints
-- ARGV  1 endpoint  2 its score when it was found idle
-- Returns 1 or 0
if redis.call('ZSCORE', KEYS[1], ARGV[1]) == ARGV[2] then
  return redis.call('ZREM', KEYS[1], ARGV[1])
end
return 0
