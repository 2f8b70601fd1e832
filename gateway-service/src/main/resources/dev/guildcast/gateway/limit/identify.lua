-- Takes one session start of a user, if its bucket is free and the day has one left.
-- Returns {1, 0}: taken; {0, ms}: the bucket is free again after ms; {-1, ms}: no start is left for ms.
-- KEYS[1] the bucket: exists while it is taken
-- KEYS[2] starts taken in the running starts window
-- ARGV[1] how long a start keeps its bucket, in ms
-- ARGV[2] starts in one starts window
-- ARGV[3] length of a starts window, in ms
-- ARGV[4] 1: count against the starts window, 0: the bucket only
local busy = redis.call('PTTL', KEYS[1])
if busy > 0 then
  return {0, busy}
end
if ARGV[4] == '1' then
  local taken = tonumber(redis.call('GET', KEYS[2]) or '0')
  if taken >= tonumber(ARGV[2]) then
    return {-1, redis.call('PTTL', KEYS[2])}
  end
  if redis.call('INCR', KEYS[2]) == 1 then
    redis.call('PEXPIRE', KEYS[2], ARGV[3])
  end
end
redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
return {1, 0}
