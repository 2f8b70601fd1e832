-- Returns the presence last announced for a user (empty: none), then every session that has not expired as id and
-- entry, in pairs.
-- KEYS[1] pres:{user}: hash, session id -> "<version> <expiry> <state>", expiry in milliseconds of this server's clock
-- KEYS[2] pres:last:{user}: "<fingerprint> <version> <presence>"
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local answer = {redis.call('GET', KEYS[2]) or ''}
local held = redis.call('HGETALL', KEYS[1])
for i = 1, #held, 2 do
  local expiry = string.match(held[i + 1], '^%d+ (%d+) ')
  if expiry and tonumber(expiry) > now then
    table.insert(answer, held[i])
    table.insert(answer, held[i + 1])
  end
end
return answer
