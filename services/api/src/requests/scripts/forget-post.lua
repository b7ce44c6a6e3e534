-- Takes back what a refused POST had remembered, unless a newer equal one is remembered by now.
-- KEYS  1 id that an equal POST makes
-- ARGV  1 id that the refused one was going to make  2 id that was remembered before it, or ''
-- Returns 1, or 0 when a newer one is remembered
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
else
  -- Which is kept a little longer by it.
  redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
end
return 1
