package dev.guildcast.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Intent;
import dev.guildcast.witness.Observation;
import dev.guildcast.witness.client.JdaClient;
import dev.guildcast.witness.client.RawClient;
import dev.guildcast.witness.client.RecordingClient;
import dev.guildcast.witness.model.InitialWorld;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// The clients of one test, and what they have received.
///
/// - **Owner:** the test's thread.
final class TestClients implements AutoCloseable {
    /// Allows for a busy machine.
    static final long TIMEOUT_MILLIS = 90_000;

    private static final Set<Intent> CONVERSATION = EnumSet.of(
            Intent.GUILDS,
            Intent.GUILD_MESSAGES,
            Intent.GUILD_MESSAGE_REACTIONS,
            Intent.GUILD_MESSAGE_TYPING,
            Intent.DIRECT_MESSAGES);
    private static final Set<Intent> PRIVILEGED = EnumSet.of(Intent.GUILD_MEMBERS, Intent.MESSAGE_CONTENT);

    private final ProcessSuite suite;
    private final List<RecordingClient> clients = new ArrayList<>();

    TestClients(ProcessSuite suite) {
        this.suite = suite;
    }

    List<RecordingClient> all() {
        return clients;
    }

    RecordingClient jda(InitialWorld.Login login, boolean zlib) {
        return add(new JdaClient(account(login, "JDA"), suite.api(), suite.gateway(), zlib));
    }

    RecordingClient raw(InitialWorld.Login login, boolean zlib) {
        return add(new RawClient(account(login, "raw"), suite.gateway(), zlib));
    }

    /// @param folder see [NodeFolder]
    DiscordJsClient discordJs(InitialWorld.Login login, Path folder) {
        return add(new DiscordJsClient(account(login, "@discordjs/ws"), suite.api(), folder));
    }

    private <C extends RecordingClient> C add(C client) {
        clients.add(client);
        return client;
    }

    /// Starts all clients and waits until each has received that many guilds.
    void logIn(int guilds) throws InterruptedException {
        clients.forEach(RecordingClient::start);
        for (var client : clients) {
            assertThat(client.recording().await(guilds, entry -> isDispatch(entry, "GUILD_CREATE"), TIMEOUT_MILLIS))
                    .as(
                            "%s receives %d guilds: %s %s",
                            client.account(),
                            guilds,
                            client.recording().observations(),
                            client instanceof DiscordJsClient node ? node.diagnostics() : "")
                    .isTrue();
        }
    }

    @Override
    public void close() {
        clients.forEach(RecordingClient::close);
    }

    static boolean isDispatch(Observation entry, String type) {
        return entry instanceof Observation.ReceivedDispatch dispatch
                && dispatch.type().equals(type);
    }

    static Predicate<Observation> message(String content) {
        return entry -> entry instanceof Observation.ReceivedDispatch dispatch
                && dispatch.type().equals("MESSAGE_CREATE")
                && dispatch.body().path("content").asString("").equals(content);
    }

    /// Waits for a message with this content.
    static Observation.ReceivedDispatch awaitMessage(RecordingClient client, String content)
            throws InterruptedException {
        assertThat(client.recording().await(1, message(content), TIMEOUT_MILLIS))
                .as("%s gets '%s'", client.account(), content)
                .isTrue();
        return client.recording().dispatches().stream()
                .filter(message(content))
                .findFirst()
                .orElseThrow();
    }

    /// Requests all intents that the login is granted.
    private static Account account(InitialWorld.Login login, String library) {
        long intents = Intent.of(CONVERSATION.toArray(Intent[]::new));
        for (Intent intent : PRIVILEGED) {
            intents |= login.privileged().contains(intent.name()) ? Intent.of(intent) : 0;
        }
        return new Account(login.name() + " (" + library + ")", login.token(), login.userId(), intents);
    }
}
