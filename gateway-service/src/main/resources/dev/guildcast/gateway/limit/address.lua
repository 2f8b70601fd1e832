-- Counts one connection of an address, if its window has one left.
-- Returns 0: counted; else the ms after which the address may come again.
-- KEYS[1] connections in the running window
-- ARGV[1] connections in one window
-- ARGV[2] length of a window, in ms
local taken = tonumber(redis.call('GET', KEYS[1]) or '0')
if taken >= tonumber(ARGV[1]) then
  return math.max(1, redis.call('PTTL', KEYS[1]))
end
if redis.call('INCR', KEYS[1]) == 1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
