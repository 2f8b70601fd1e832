-- Claims expired sessions, so that only one sweeper handles each. Returns their members.
-- KEYS[1] pres:due:{bucket}: zset, "user:session" by expiry
-- ARGV[1] now, Unix milliseconds   ARGV[2] when an unfinished claim may be claimed again   ARGV[3] how many at most
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, member in ipairs(due) do
  redis.call('ZADD', KEYS[1], ARGV[2], member)
end
return due
