-- Saves the presence announced for a user, unless the stored one is newer. Returns 1 when it was stored, else 0.
-- KEYS[1] pres:last:{user}: "<fingerprint> <version> <presence>"
-- ARGV[1] fingerprint   ARGV[2] version   ARGV[3] presence   ARGV[4] milliseconds to live
local last = redis.call('GET', KEYS[1])
if last then
  local version = string.match(last, '^%S+ (%d+) ')
  if version and tonumber(version) > tonumber(ARGV[2]) then
    return 0
  end
end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3], 'PX', ARGV[4])
return 1
