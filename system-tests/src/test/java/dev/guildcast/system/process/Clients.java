package dev.guildcast.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Entry;
import dev.guildcast.witness.Intent;
import dev.guildcast.witness.client.JdaClient;
import dev.guildcast.witness.client.RawClient;
import dev.guildcast.witness.client.RecordingClient;
import dev.guildcast.witness.model.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// The clients of one test, and what they have received.
///
/// - **Owner:** the test's thread.
final class Clients implements AutoCloseable {
    /// For a machine that does much else.
    static final long WITHIN_MILLIS = 90_000;

    private static final Set<Intent> TALK = EnumSet.of(
            Intent.GUILDS,
            Intent.GUILD_MESSAGES,
            Intent.GUILD_MESSAGE_REACTIONS,
            Intent.GUILD_MESSAGE_TYPING,
            Intent.DIRECT_MESSAGES);
    private static final Set<Intent> PRIVILEGED = EnumSet.of(Intent.GUILD_MEMBERS, Intent.MESSAGE_CONTENT);

    private final ProcessSuite suite;
    private final List<RecordingClient> clients = new ArrayList<>();

    Clients(ProcessSuite suite) {
        this.suite = suite;
    }

    List<RecordingClient> all() {
        return clients;
    }

    RecordingClient jda(World.Login login, boolean zlib) {
        return add(new JdaClient(account(login, "JDA"), suite.api(), suite.gateway(), zlib));
    }

    RecordingClient raw(World.Login login, boolean zlib) {
        return add(new RawClient(account(login, "raw"), suite.gateway(), zlib));
    }

    /// @param folder see [NodeFolder]
    DiscordJsClient discordJs(World.Login login, Path folder) {
        return add(new DiscordJsClient(account(login, "@discordjs/ws"), suite.api(), folder));
    }

    private <C extends RecordingClient> C add(C client) {
        clients.add(client);
        return client;
    }

    /// Starts all and waits until each has been shown that many guilds.
    void logIn(int guilds) throws InterruptedException {
        clients.forEach(RecordingClient::start);
        for (var client : clients) {
            assertThat(client.recording().await(guilds, entry -> isDispatch(entry, "GUILD_CREATE"), WITHIN_MILLIS))
                    .as(
                            "%s is shown %d guilds: %s %s",
                            client.account(),
                            guilds,
                            client.recording().entries(),
                            client instanceof DiscordJsClient node ? node.words() : "")
                    .isTrue();
        }
    }

    @Override
    public void close() {
        clients.forEach(RecordingClient::close);
    }

    static boolean isDispatch(Entry entry, String type) {
        return entry instanceof Entry.Dispatch dispatch && dispatch.type().equals(type);
    }

    static Predicate<Entry> message(String content) {
        return entry -> entry instanceof Entry.Dispatch dispatch
                && dispatch.type().equals("MESSAGE_CREATE")
                && dispatch.body().path("content").asString("").equals(content);
    }

    /// Waits for a message with this content.
    static Entry.Dispatch awaitMessage(RecordingClient client, String content) throws InterruptedException {
        assertThat(client.recording().await(1, message(content), WITHIN_MILLIS))
                .as("%s gets '%s'", client.account(), content)
                .isTrue();
        return client.recording().dispatches().stream()
                .filter(message(content))
                .findFirst()
                .orElseThrow();
    }

    /// Asks for all that the login is granted.
    private static Account account(World.Login login, String library) {
        long intents = Intent.of(TALK.toArray(Intent[]::new));
        for (Intent intent : PRIVILEGED) {
            intents |= login.privileged().contains(intent.name()) ? Intent.of(intent) : 0;
        }
        return new Account(login.name() + " (" + library + ")", login.token(), login.userId(), intents);
    }
}
