-- Forgets the lines of a room in which nobody stands, and the room when it has no line left.
-- KEYS  1 models with a room  2 projects with a line in this one  3... lines that may be empty
-- ARGV  1 model  2... the project of each line
for i = 3, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 0 then
    redis.call('SREM', KEYS[2], ARGV[i - 1])
  end
end
if redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('SREM', KEYS[1], ARGV[1])
end
return 0
