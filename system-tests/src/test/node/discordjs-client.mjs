// An unmodified @discordjs/ws that prints one line of JSON per dispatch and connection change. It ends with its standard
// input.

import { REST } from '@discordjs/rest';
import { WebSocketManager, WebSocketShardEvents } from '@discordjs/ws';

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const token = process.env.GUILDCAST_TOKEN;
const rest = new REST({ api: process.env.GUILDCAST_API, version: '10' }).setToken(token);
const manager = new WebSocketManager({ token, rest, intents: Number(process.env.GUILDCAST_INTENTS) });

manager.on(WebSocketShardEvents.Dispatch, ({ data }) => say({ kind: 'dispatch', t: data.t, s: data.s, d: data.d }));
manager.on(WebSocketShardEvents.Closed, ({ code }) => say({ kind: 'closed', code }));
manager.on(WebSocketShardEvents.Error, ({ error }) => say({ kind: 'error', message: error.message }));
manager.on(WebSocketShardEvents.Debug, ({ message }) => {
  // The library reports op 9 only here.
  const invalid = /^Invalid session; will attempt to resume: (true|false)/.exec(message);
  say(invalid ? { kind: 'invalid', resumable: invalid[1] === 'true' } : { kind: 'debug', message });
});

process.stdin.on('end', () => manager.destroy().finally(() => process.exit(0)));
process.stdin.resume();

await manager.connect();
