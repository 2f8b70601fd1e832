-- Claims expired sessions, so that only one sweeper handles each. Returns their members.
-- KEYS[1] pres:due:{bucket}: zset, "user:session" by expiry, milliseconds of this server's clock
-- ARGV[1] milliseconds until an unfinished claim may be claimed again   ARGV[2] how many at most
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now), 'LIMIT', 0, ARGV[2])
for _, member in ipairs(due) do
  redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[1]), member)
end
return due
