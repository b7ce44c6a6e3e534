-- Forgets the names of lists that hold nothing any more, unless somebody filled one meanwhile.
-- KEYS  1 names of all lists  2 names of kinds  3... lists that may be empty
-- ARGV  1... of each list: its kind, or '' of a list that is none of a kind
-- Returns how many were forgotten
local forgotten = 0
for i = 3, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 0 then
    redis.call('SREM', KEYS[1], KEYS[i])
    if ARGV[i - 2] ~= '' then
      redis.call('SREM', KEYS[2], ARGV[i - 2])
    end
    forgotten = forgotten + 1
  end
end
return forgotten
