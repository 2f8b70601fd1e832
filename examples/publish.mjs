// Publishes one message to Guildcast over HTTP. Requires only Node 20.
//
//     GUILDCAST_INGRESS_TOKEN=... node publish.mjs GUILD CHANNEL TEXT
//
// A backend does the same whenever something happens: it posts the event as clients should receive it, and Guildcast
// computes who may see it.

const ingress = process.env.GUILDCAST_INGRESS ?? 'http://127.0.0.1:8082/ingress/v1/events';
const token = process.env.GUILDCAST_INGRESS_TOKEN;
const [guild, channel, text] = process.argv.slice(2);
if (!token || !text) {
  console.error('usage: GUILDCAST_INGRESS_TOKEN=... node publish.mjs GUILD CHANNEL TEXT');
  process.exit(2);
}

const now = new Date();
const message = {
  // Ids are snowflakes: milliseconds since 2015 above 22 bits. They travel as strings.
  id: String((BigInt(now.getTime()) - 1_420_070_400_000n) << 22n),
  guild_id: guild,
  channel_id: channel,
  author: { id: '1300000004202692608', username: 'ben', discriminator: '0', avatar: null },
  member: { roles: [], joined_at: '2026-01-05T09:02:00.000000+00:00', deaf: false, mute: false, flags: 0 },
  content: text,
  // Timestamps end in +00:00: some libraries reject a Z.
  timestamp: now.toISOString().replace('Z', '000+00:00'),
  edited_timestamp: null,
  tts: false,
  mention_everyone: false,
  mentions: [],
  mention_roles: [],
  attachments: [],
  embeds: [],
  pinned: false,
  type: 0,
  flags: 0,
};

const response = await fetch(ingress, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
  body: JSON.stringify([{ t: 'MESSAGE_CREATE', d: message }]),
  signal: AbortSignal.timeout(10_000),
});
const answer = await response.text();
console.log(answer);
process.exitCode = response.ok && JSON.parse(answer).accepted === 1 ? 0 : 1;
