package dev.guildcast.demo;

import dev.guildcast.suite.status.SuiteStatus;
import dev.guildcast.witness.Account;
import dev.guildcast.witness.Intent;
import dev.guildcast.witness.Observation;
import dev.guildcast.witness.client.JdaClient;
import dev.guildcast.witness.client.RawClient;
import dev.guildcast.witness.client.RecordingClient;
import dev.guildcast.witness.model.InitialWorld;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Three JDA clients and one raw client, with different intents and compression.
final class DemoClients implements AutoCloseable {
    /// Enough for different intents and compression in a library that everyone knows.
    private static final int JDA_CLIENTS = 3;
    /// The JDA clients and the raw one; each logs in as a bot of its own.
    private static final int CLIENTS = 4;
    /// Includes JDA's own delays, on a machine that runs a whole suite.
    private static final long LOGIN_TIMEOUT_MILLIS = 60_000;
    private static final Set<Intent> CONVERSATION = EnumSet.of(
            Intent.GUILDS,
            Intent.GUILD_MESSAGES,
            Intent.GUILD_MESSAGE_REACTIONS,
            Intent.GUILD_MESSAGE_TYPING,
            Intent.DIRECT_MESSAGES);
    private static final Set<Intent> PRIVILEGED = EnumSet.of(Intent.GUILD_MEMBERS, Intent.MESSAGE_CONTENT);

    private final InitialWorld world;
    private final List<RecordingClient> clients = new ArrayList<>();

    private DemoClients(InitialWorld world) {
        this.world = world;
    }

    static DemoClients of(InitialWorld world, SuiteStatus status) {
        List<InitialWorld.Login> bots =
                world.logins().stream().filter(InitialWorld.Login::bot).toList();
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

    /// Starts all clients and waits until each has received its guilds.
    ///
    /// @throws IllegalStateException if one has not in time; the message is for the user
    void logIn() throws InterruptedException {
        clients.forEach(RecordingClient::start);
        for (RecordingClient client : clients) {
            int guilds = (int) world.states().stream()
                    .filter(guild -> guild.hasMember(client.account().userId()))
                    .count();
            if (!client.recording().await(guilds, DemoClients::isGuildCreate, LOGIN_TIMEOUT_MILLIS)) {
                throw new IllegalStateException(client.account() + " did not receive its " + guilds + " guilds within "
                        + LOGIN_TIMEOUT_MILLIS / 1000 + " s");
            }
        }
    }

    @Override
    public void close() {
        clients.forEach(RecordingClient::close);
    }

    private static boolean isGuildCreate(Observation entry) {
        return entry instanceof Observation.ReceivedDispatch dispatch
                && dispatch.type().equals("GUILD_CREATE");
    }

    /// Requests all intents that the bot is granted.
    private static Account account(InitialWorld.Login bot, String library) {
        long intents = 0;
        for (Intent intent : CONVERSATION) {
            intents |= Intent.of(intent);
        }
        for (Intent intent : PRIVILEGED) {
            intents |= bot.privileged().contains(intent.name()) ? Intent.of(intent) : 0;
        }
        return new Account(bot.name() + " (" + library + ")", bot.token(), bot.userId(), intents);
    }
}
