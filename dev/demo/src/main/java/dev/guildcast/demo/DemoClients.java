package dev.guildcast.demo;

import dev.guildcast.suite.status.SuiteStatus;
import dev.guildcast.witness.Account;
import dev.guildcast.witness.Entry;
import dev.guildcast.witness.Intent;
import dev.guildcast.witness.client.JdaClient;
import dev.guildcast.witness.client.RawClient;
import dev.guildcast.witness.client.RecordingClient;
import dev.guildcast.witness.model.World;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Three JDA clients and one of plain frames, which ask for different things.
final class DemoClients implements AutoCloseable {
    private static final int JDA_CLIENTS = 3;
    private static final int CLIENTS = 4;
    private static final long IN_WITHIN_MILLIS = 60_000;
    private static final Set<Intent> TALK = EnumSet.of(
            Intent.GUILDS,
            Intent.GUILD_MESSAGES,
            Intent.GUILD_MESSAGE_REACTIONS,
            Intent.GUILD_MESSAGE_TYPING,
            Intent.DIRECT_MESSAGES);
    private static final Set<Intent> PRIVILEGED = EnumSet.of(Intent.GUILD_MEMBERS, Intent.MESSAGE_CONTENT);

    private final World world;
    private final List<RecordingClient> clients = new ArrayList<>();

    private DemoClients(World world) {
        this.world = world;
    }

    static DemoClients of(World world, SuiteStatus status) {
        List<World.Login> bots =
                world.logins().stream().filter(World.Login::bot).toList();
        if (bots.size() < CLIENTS) {
            throw new IllegalArgumentException(
                    "the world has " + bots.size() + " bots (expected: " + CLIENTS + ", one for each client)");
        }
        var all = new DemoClients(world);
        URI api = URI.create(status.api());
        URI gateway = URI.create(status.gateway());
        for (int i = 0; i < JDA_CLIENTS; i++) {
            all.clients.add(new JdaClient(account(bots.get(i), "JDA"), api, gateway, i == 0));
        }
        all.clients.add(new RawClient(account(bots.get(JDA_CLIENTS), "raw"), gateway, true));
        return all;
    }

    List<RecordingClient> all() {
        return clients;
    }

    List<String> userIds() {
        return clients.stream().map(each -> each.account().userId()).toList();
    }

    /// Starts them all and waits until each has been shown its guilds.
    ///
    /// @throws IllegalStateException if one is not; the message is a sentence
    void logIn() throws InterruptedException {
        clients.forEach(RecordingClient::start);
        for (RecordingClient client : clients) {
            int guilds = (int) world.states().stream()
                    .filter(guild -> guild.hasMember(client.account().userId()))
                    .count();
            if (!client.recording().await(guilds, DemoClients::isGuild, IN_WITHIN_MILLIS)) {
                throw new IllegalStateException(client.account() + " was not shown its " + guilds + " guilds within "
                        + IN_WITHIN_MILLIS / 1000 + " s");
            }
        }
    }

    @Override
    public void close() {
        clients.forEach(RecordingClient::close);
    }

    private static boolean isGuild(Entry entry) {
        return entry instanceof Entry.Dispatch dispatch && dispatch.type().equals("GUILD_CREATE");
    }

    /// Asks for all that the bot is granted.
    private static Account account(World.Login bot, String library) {
        long intents = 0;
        for (Intent intent : TALK) {
            intents |= Intent.of(intent);
        }
        for (Intent intent : PRIVILEGED) {
            intents |= bot.privileged().contains(intent.name()) ? Intent.of(intent) : 0;
        }
        return new Account(bot.name() + " (" + library + ")", bot.token(), bot.userId(), intents);
    }
}
