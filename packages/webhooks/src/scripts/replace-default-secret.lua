-- Writes the default secret of a project if nobody else has since it was read.
-- KEYS  1 default secret
-- ARGV  1 text as it was read, '' where there was none  2 new text
-- Returns 1 or 0
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2])
return 1
