// A discord.js bot that replies to !ping. Only the option that sets the server is specific to Guildcast.
//
//     npm install && GUILDCAST_TOKEN=... npm start

import { Client, Events, GatewayIntentBits } from 'discord.js';

const api = process.env.GUILDCAST_API ?? 'http://127.0.0.1:8080/api';
const token = process.env.GUILDCAST_TOKEN;
if (!token) {
  console.error('GUILDCAST_TOKEN is missing: ./guildcast token prints those of the suite');
  process.exit(2);
}

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
  // Base of the REST calls, from which the library also requests the gateway's address.
  rest: { api },
});

client.once(Events.ClientReady, (ready) => {
  console.log(`logged in as ${ready.user.username}, in ${ready.guilds.cache.size} guilds`);
});

client.on(Events.MessageCreate, async (message) => {
  if (message.content !== '!ping') return;
  await message.reply('Pong!');
  console.log(`answered ${message.author.username}`);
});

client.on(Events.Error, (error) => console.error(error.message));
process.on('SIGTERM', () => client.destroy().finally(() => process.exit(0)));

await client.login(token);
