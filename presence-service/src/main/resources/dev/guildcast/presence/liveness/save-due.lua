-- Records when sessions expire. Returns how many were new.
-- KEYS[1] pres:due:{bucket}: zset, "user:session" by expiry, milliseconds of this server's clock
-- ARGV[1] milliseconds until they expire   ARGV[2] milliseconds the set lives without another call
-- ARGV[3..] members
local time = redis.call('TIME')
local expiry = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1])
local added = 0
for i = 3, #ARGV do
  added = added + redis.call('ZADD', KEYS[1], expiry, ARGV[i])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return added
